/** Draws the score histogram and recounts the verdicts while the threshold is moved. Runs in the report; sees `data`. */
export const histogramScript = `
const box = document.getElementById('histogram');
const bins = 40, width = 1000, height = 180;
const groups = { good: data.scores.filter((s) => s.kind === 'good'), defective: data.scores.filter((s) => s.kind !== 'good') };
const top = Math.max(1e-6, data.threshold, ...data.scores.map((s) => s.score)) * 1.02;
const count = (list) => list.reduce((all, s) => { all[Math.min(bins - 1, Math.floor(s.score / top * bins))]++; return all; }, Array(bins).fill(0));
const bars = Object.entries(groups).map(([name, list]) => [name, count(list)]);
const most = Math.max(1, ...bars.flatMap(([, counts]) => counts));
const colours = { good: '#1a7f37', defective: '#cf222e' };
const rects = bars.map(([name, counts], k) => counts.map((n, i) => '<rect x="' + (i * width / bins + k * width / bins / 2) + '" y="' + (height - n / most * height) + '" width="' + (width / bins / 2 - 1) + '" height="' + n / most * height + '" fill="' + colours[name] + '"/>').join('')).join('');
box.innerHTML = '<svg viewBox="0 0 ' + width + ' ' + (height + 4) + '">' + rects + '<line id="limit" y1="0" y2="' + height + '" stroke="currentColor" stroke-width="2" stroke-dasharray="6 4"/></svg><input type="range" min="0" max="1000" aria-label="threshold"><p></p>';
const [slider, text, line] = [box.querySelector('input'), box.querySelector('p'), box.querySelector('#limit')];
function update() {
  const limit = slider.value / 1000 * top;
  const hits = groups.defective.filter((s) => s.score >= limit).length, alarms = groups.good.filter((s) => s.score >= limit).length;
  line.setAttribute('x1', limit / top * width); line.setAttribute('x2', limit / top * width);
  text.textContent = 'threshold ' + limit.toFixed(3) + ': finds ' + hits + ' of ' + groups.defective.length + ' defective pictures, rejects ' + alarms + ' of ' + groups.good.length + ' good ones';
}
slider.value = Math.round(data.threshold / top * 1000);
slider.addEventListener('input', update);
update();
`;
