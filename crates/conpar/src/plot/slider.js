const law = JSON.parse(this.dataset.law);
const figure = this.closest('.figure');
const given = {};
for (const input of this.querySelectorAll('input')) {
  given[input.dataset.parameter] = Number(input.value);
  input.nextElementSibling.textContent = Number(input.value).toFixed(input.dataset.decimals);
}
const speedup = (n) => law.kind === 'amdahl'
  ? 1 / (given.s + (1 - given.s) / n)
  : law.one * n / (1 + given.sigma * (n - 1) + given.kappa * n * (n - 1));
const curve = [];
for (let step = 0; step <= 60; step += 1) {
  const n = 1 + (law.most - 1) * step / 60;
  curve.push(`${(law.left + (n - 1) * law.across).toFixed(1)},${Math.max(law.top, law.bottom - speedup(n) * law.up).toFixed(1)}`);
}
figure.querySelector('.law').setAttribute('points', curve.join(' '));
const held = law.points.filter(([n, low, high]) => low <= speedup(n) && speedup(n) <= high).length;
const last = law.points[law.points.length - 1][0];
this.querySelector('output').textContent =
  law.words.replace('{n}', last).replace('{speedup}', speedup(last).toFixed(2))
    .replace('{held}', held).replace('{all}', law.points.length);
