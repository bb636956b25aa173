// The lines of the reference under Decode's figure: those of the step that is shown are highlighted, each has its value.
// data.code: {text, steps, values} of each line; text.values: how each value is written.

const VALUE_COLORS = { m: "m", xy: "m", gradient: "d1", slopes: "d1", hessian: "d2", bends: "d2", twist: "d2", offset: "step", mu: "mu" };

const codeHtml = (text, lines) =>
  `<figure class="code" data-part="answer code"><p class="title">${text.code}</p><pre tabindex="0">` +
  lines.map(({ text: line }) => {
    const [code, comment] = line.split("  #");
    return `<span class="line"><code>${code}${comment ? `<i>  #${comment}</i>` : ""}</code><output></output></span>`;
  }).join("") +
  `</pre><p class="more">${text.scroll}</p><figcaption class="note">${text.code_note}</figcaption></figure>`;

function showCode(figure, stage, { data, raw, smoothed, peak: m, step, landings, reason }) {
  const { text, code } = data, box = figure.querySelector("pre");
  const [dx, dy] = step.gradient, [dxx, dxy, dyy] = step.hessian, largest = (map) => map.v.reduce((a, b) => Math.max(a, b));
  const refused = [NOT_CONCAVE, NOT_POSITIVE, TOO_SMALL, FLAT].includes(reason);
  const three = (value) => fixed(value, 3), top = step.log ? step.log[4] + Math.log(largest(raw) / largest(smoothed)) : NaN;
  const values = {
    h: { value: fixed(largest(raw), 2) },
    m: { value: pair(m, 0) },
    xy: { x: step.center[0], y: step.center[1] },
    p: { value: three(top) },
    gradient: { value: pair(step.gradient, 3) },
    slopes: { x: three(dx), y: three(dy) },
    hessian: { value: `(${three(dxx)}, ${three(dxy)}; ${three(dxy)}, ${three(dyy)})` },
    bends: { x: three(dxx), y: three(dyy) },
    twist: { value: three(dxy) },
    offset: { value: pair(landings.dark.map((p, axis) => p - step.center[axis])) },
    mu: { value: pair(landings.dark) },
  };
  const written = (name) => {
    const said = fill(text.values[name], values[name]);
    return VALUE_COLORS[name] ? `<span ${colored(VALUE_COLORS[name])}>${said}</span>` : said;
  };
  box.setAttribute("aria-label", fill(text.code_alt, { number: stage, step: text.steps[stage - 1][0] }));
  box.querySelectorAll(".line").forEach((line, k) => {
    const last = code[k].values.includes("mu");
    line.setAttribute("aria-current", String(code[k].steps.includes(stage)));
    line.querySelector("output").innerHTML = last && refused ? fill(text.refused, { reason: REASONS[reason] }) : code[k].values.map(written).join(" ");
  });
}
