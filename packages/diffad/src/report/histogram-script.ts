/** A function of `data` that draws the score histogram and recounts the verdicts while the threshold is moved. Runs in the report. */
export const histogramScript = `(data) => {
const box = document.getElementById('histogram');
const bins = 40, width = 1000, height = 180;
const groups = { good: data.scores.filter((s) => s.kind === 'good'), defective: data.scores.filter((s) => s.kind !== 'good') };
const all = [data.threshold, ...data.scores.map((s) => s.score)], spread = Math.max(1e-6, Math.max(...all) - Math.min(...all));
const low = Math.max(0, Math.min(...all) - 0.05 * spread), range = Math.max(...all) + 0.05 * spread - low;
const count = (list) => list.reduce((all, s) => { all[Math.min(bins - 1, Math.floor((s.score - low) / range * bins))]++; return all; }, Array(bins).fill(0));
const bars = Object.entries(groups).filter(([, list]) => list.length > 0).map(([name, list]) => [name, count(list)]);
const most = Math.max(1, ...bars.flatMap(([, counts]) => counts));
const colours = { good: '#1a7f37', defective: '#cf222e' };
const rects = bars.map(([name, counts], k) => counts.map((n, i) => '<rect x="' + (i * width / bins + k * width / bins / 2) + '" y="' + (height - n / most * height) + '" width="' + (width / bins / 2 - 1) + '" height="' + n / most * height + '" fill="' + colours[name] + '"/>').join('')).join('');
box.innerHTML = '<svg viewBox="0 0 ' + width + ' ' + (height + 4) + '">' + rects + '<line id="limit" y1="0" y2="' + height + '" stroke="currentColor" stroke-width="2" stroke-dasharray="6 4"/></svg><div><span>' + low.toFixed(3) + '</span><span>' + bars.map(([name]) => '<b style="color:' + colours[name] + '">■</b> ' + name).join(' ') + '</span><span>' + (low + range).toFixed(3) + '</span></div><input type="range" min="0" max="1000" step="any" aria-label="threshold"><p></p>';
const [slider, text, line] = [box.querySelector('input'), box.querySelector('p'), box.querySelector('#limit')];
function update() {
  const limit = low + slider.value / 1000 * range;
  const hits = groups.defective.filter((s) => s.score >= limit).length, alarms = groups.good.filter((s) => s.score >= limit).length;
  for (const end of ['x1', 'x2']) line.setAttribute(end, slider.value / 1000 * width);
  const finds = groups.defective.length > 0 ? 'finds ' + hits + ' of ' + groups.defective.length + ' defective pictures, ' : '';
  text.textContent = 'threshold ' + limit.toFixed(3) + ': ' + finds + 'rejects ' + alarms + ' of ' + groups.good.length + ' good ones';
}
slider.value = (data.threshold - low) / range * 1000;
slider.addEventListener('input', update);
update();
}`;
