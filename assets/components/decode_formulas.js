// Decode's formulas in MathML, their symbols colored as on the map and their numbers those of this heatmap.

const mi = (symbol, kind) => `<mi${kind ? ` ${colored(kind)}` : ""}>${symbol}</mi>`;
const mn = (value, digits = 2) => {
  const text = fixed(value, digits);
  return text.startsWith("−") ? `<mrow><mo form="prefix">−</mo><mn>${text.slice(1)}</mn></mrow>` : `<mn>${text}</mn>`;
};
const row = (...parts) => `<mrow>${parts.join("")}</mrow>`;
const mo = (sign) => `<mo>${sign}</mo>`;
const column = (values, digits = 2) => row(mo("("), `<mtable>${values.map((v) => `<mtr><mtd>${mn(v, digits)}</mtd></mtr>`).join("")}</mtable>`, mo(")"));
const matrix = ([xx, xy, yy], digits = 3) => {
  const line2 = (a, b) => `<mtr><mtd>${mn(a, digits)}</mtd><mtd>${mn(b, digits)}</mtd></mtr>`;
  return row(mo("("), `<mtable>${line2(xx, xy)}${line2(xy, yy)}</mtable>`, mo(")"));
};
const primed = (symbol, kind, prime = "′") => row(mi(symbol, kind), `<mo lspace="0" rspace="0">${prime}</mo>`);
const H1 = primed("h");
const D1 = primed("D", "d1"), D2 = primed("D", "d2", "″");
const inverse = (what) => `<msup>${what}${row(mo("−"), "<mn>1</mn>")}</msup>`;
const math = (...lines) => lines.map((text) => `<math display="block">${text}</math>`).join("");

function formula(stage, { raw, smoothed, rawPeak, peak: m, step, reason }, { sigma: kernel, back, text }, mu, photo) {
  const [dx, dy] = step.gradient, [nw, n, ne, west, c, east, sw, s, se] = step.log ?? Array(9).fill(0);
  const refused = [NOT_CONCAVE, NOT_POSITIVE, TOO_SMALL, FLAT].includes(reason);
  const half = `<mfrac><mn>1</mn><mn>2</mn></mfrac>`;
  switch (stage) {
    case 1:
      return math(row(mo("max"), mi("h"), mo("="), mn(at(raw, ...rawPeak)), mo(text.at), column(rawPeak, 0)));
    case 2:
      return math(
        row(H1, mo("="), mi("K"), mo("∗"), mi("h"), mo(","), mi("σ"), mo("="), mn(kernel, 1)),
        row(mo("max"), H1, mo("="), mn(at(smoothed, ...m))),
      );
    case 3:
      return math(
        row(mi("D"), mo("="), mi("ln"), H1),
        row(mi("D"), mo("("), mi("m", "m"), mo(")"), mo("="), mi("ln"), mn(at(smoothed, ...m)), mo("="), mn(Math.log(Math.max(at(smoothed, ...m), 1e-6)))),
      );
    case 4:
      return math(row(mi("m", "m"), mo("="), mo("arg max"), H1, mo("="), column(m, 0)));
    case 5:
      return math(
        row(D1, mo("="), half, `<mrow>${mo("(")}<mtable><mtr><mtd>${row(mn(east), mo("−"), mo("("), mn(west), mo(")"))}</mtd></mtr><mtr><mtd>${row(mn(s), mo("−"), mo("("), mn(n), mo(")"))}</mtd></mtr></mtable>${mo(")")}</mrow>`),
        row(mo("="), column([dx, dy], 3)),
      );
    case 6:
      return math(
        row(`<msub>${mi("D")}<mi>xx</mi></msub>`, mo("="), mn(east), mo("−"), mn(2, 0), mo("("), mn(c), mo(")")),
        row(mo("+"), mo("("), mn(west), mo(")")),
        row(D2, mo("="), matrix(step.hessian)),
      );
    case 7:
      if (refused) return `<p class="refused">${fill(text.refused, { reason: REASONS[reason] })}</p>`;
      return math(
        row(mo("−"), inverse(D2), D1, mo("=")),
        row(mo("−"), inverse(matrix(step.hessian)), column([dx, dy], 3)),
        row(mo("="), `<mrow ${colored("step")}>${column(step.offset)}</mrow>`),
      ) + (CUT.includes(reason) ? `<p class="refused">${fill(text.bounded, { reason: REASONS[reason] })}</p>` : "");
    case 8:
      if (refused) return math(row(mi("μ", "mu"), mo("="), mo("arg max"), mi("h"), mo("="), column(mu)));
      return math(
        row(mi("μ", "mu"), mo("="), mi("m", "m"), mo("−"), inverse(D2), D1),
        row(mo("="), column(step.center, 0), mo("+"), `<mrow ${colored("step")}>${column(mu.map((p, axis) => p - step.center[axis]))}</mrow>`, mo("="), column(mu)),
      );
    default:
      return math(
        row(mi("p"), mo("="), mi("λ"), mi("μ", "mu"), mo("+"), mi("t"), mo(","), mi("λ"), mo("="), mn(back.scale[0])),
        row(mo("="), mn(back.scale[0]), column(mu), mo("+"), column(back.shift, 1)),
        row(mo("="), column(photo, 1)),
      );
  }
}
