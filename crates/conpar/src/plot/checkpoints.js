const law = JSON.parse(this.dataset.law);
const figure = this.closest('.figure');
const given = {};
for (const input of this.querySelectorAll('input')) {
  given[input.dataset.parameter] = Number(input.value);
  input.nextElementSibling.textContent = input.value;
}
const mean = given.years * 8766 * 3600 / 2 ** given.machines;
const stretch = (t) => mean * Math.exp(law.restart / mean) * Math.expm1((t + given.cost) / mean) / t;
const curve = [];
for (let step = 0; step <= law.steps; step += 1) {
  const t = law.from * (law.to / law.from) ** (step / law.steps);
  const y = law.bottom - stretch(t) * law.up;
  curve.push(`${(law.left + Math.log10(t) * law.across).toFixed(1)},${(Number.isFinite(y) ? Math.max(law.top, y) : law.top).toFixed(1)}`);
}
figure.querySelector('.law').setAttribute('points', curve.join(' '));
const young = Math.sqrt(2 * given.cost * mean);
this.querySelector('output').textContent =
  law.says.replace('{hours}', (mean / 3600).toFixed(1)).replace('{young}', young.toFixed(0)).replace('{stretch}', stretch(young).toFixed(3));
