// Before a package is packed: refuses whoever publishes `publishConfig`, `workspace:` and `catalog:` as they stand, as npm does.
const [agent = ''] = (process.env.npm_config_user_agent ?? 'none').split(' ');
if (!agent.startsWith('pnpm/')) {
  console.error(
    `error: packed by ${agent}, which leaves workspace: and catalog: in package.json and exports the sources; use pnpm: npx pnpm publish`,
  );
  process.exit(1);
}
