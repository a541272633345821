/** Light and dark by the reader's preference. */
export const style = `
:root { color-scheme: light dark; --ink: #1f2328; --soft: #656d76; --line: #d0d7de; --ground: #ffffff; --tile: #f6f8fa; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --soft: #8d96a0; --line: #30363d; --ground: #0d1117; --tile: #161b22; } }
body { margin: 0; background: var(--ground); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 1080px; margin: 0 auto; padding: 24px; }
h1 { font-size: 26px; } h2 { margin-top: 40px; font-size: 19px; border-bottom: 1px solid var(--line); padding-bottom: 6px; }
.tiles { display: flex; flex-wrap: wrap; gap: 12px; }
.tiles div { background: var(--tile); border: 1px solid var(--line); border-radius: 8px; padding: 12px 18px; }
.tiles b { display: block; font-size: 24px; } .tiles span { color: var(--soft); font-size: 13px; }
figure { margin: 18px 0; } figure img { max-width: 100%; border-radius: 6px; } figcaption { color: var(--soft); font-size: 13px; }
.strip { width: 100%; max-width: 960px; }
.OK { color: #1a7f37; } .NG { color: #cf222e; }
table { border-collapse: collapse; } th, td { text-align: left; padding: 5px 16px 5px 0; border-bottom: 1px solid var(--line); }
.charts { display: flex; flex-wrap: wrap; gap: 24px; }
#histogram div { display: flex; justify-content: space-between; color: var(--soft); font-size: 13px; }
#histogram svg { width: 100%; height: auto; } #histogram input { width: 100%; }
`;
