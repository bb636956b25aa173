// The drawing that explains DARK: a cut through the peak as dots, which a slider turns into its log, and the Newton step
// from a start that is dragged; beside it the same step on the bell itself.
// data: sigma, joint, pixels; text, every word of the figure, from the catalog of the page.
// state: log, 0 for the bell to 1 for the parabola; start, the pixel where the step begins.

const WIDE = 600, HIGH = 330, FOOT = 290, TOP = 60, ARROW = 30; // of a panel, in its own units
const TERMS = { slope: "d1", curvature: "d2", step: "step" }; // and their colors
const CURVE = 120; // pieces of a curve

export default function (component) {
  mountFigure(component, buildLogStep);
}

function buildLogStep(root) {
  const { text, sigma, joint, pixels } = root.data;
  const panel = (name, role, below) =>
    `<figure class="panel" data-cut="${name}"><p class="title"><span></span></p>` +
    `<svg viewBox="0 0 ${WIDE} ${HIGH}" role="${role}"><g class="ink"></g></svg><div class="below">${below}</div>` +
    `<figcaption class="note"><span class="row dots"></span><span class="row numbers"></span><strong class="row said"></strong></figcaption></figure>`;
  root.innerHTML =
    `<div class="log-step" data-part="why-log">` +
    panel("log", "group", sliderHtml("log", text.slider, 0, 1, 0.01)) + panel("bell", "img", text.fit) + `</div>`;
  const [log, bell] = ["log", "bell"].map((name) => root.querySelector(`[data-cut=${name}]`));
  const svg = log.querySelector("svg");
  svg.insertAdjacentHTML(
    "beforeend",
    `<g class="start" tabindex="0" role="slider" aria-label="${text.handle}" aria-valuemin="1" aria-valuemax="${pixels - 2}">` +
      `<circle r="40" fill="transparent"></circle><circle class="knob" r="11" fill="${COLORS.m}"></circle></g>`,
  );
  bell.querySelector(".dots").textContent = text.drag;
  const handle = svg.querySelector(".start");
  const showLog = slider(root, "log", (value) => root.change({ log: value }));
  const begin = (start) => root.change({ start: clamp(Math.round(start), 1, pixels - 2) });
  holdable(svg, handle, () => root.state.start, begin, pixels);

  const X = (x) => ((x + 0.5) / pixels) * WIDE, Y = (height) => FOOT - height * (FOOT - TOP);
  const logAt = (x) => -0.5 * ((x - joint) / sigma) ** 2;
  const lowest = Math.min(logAt(-0.5), logAt(pixels - 0.5));
  // The height drawn: from the bell, 0 to 1, to its log, from the lowest on the cut to 0.
  const heightAt = (x, taken) => (1 - taken) * Math.exp(logAt(x)) + taken * (1 - logAt(x) / lowest);

  const traced = (name, height) => {
    const points = Array.from({ length: CURVE + 1 }, (_, k) => -0.5 + (k * pixels) / CURVE).filter((x) => height(x) >= 0);
    return `<polyline class="${name}" points="${points.map((x) => `${X(x).toFixed(1)},${Y(height(x)).toFixed(1)}`).join(" ")}"/>`;
  };
  const dots = (taken, start) =>
    Array.from({ length: pixels }, (_, x) => {
      const k = x - start, chosen = taken !== null && Math.abs(k) === 1, y = Y(heightAt(x, taken ?? 0));
      const name = taken !== null && Math.abs(k) <= 1 ? `<text class="name" x="${X(x)}" y="${y + (y > FOOT - 45 ? -18 : 34)}">${text.letters[k + 1]}</text>` : "";
      return `<circle class="dot${chosen ? " chosen" : ""}" cx="${X(x)}" cy="${y}" r="${chosen ? 9 : 5.5}"${chosen ? ` style="fill: ${COLORS.d1}"` : ""}/>${name}`;
    }).join("");
  const foot =
    `<line class="guide" x1="0" x2="${WIDE}" y1="${FOOT}" y2="${FOOT}"/>` +
    `<line class="joint" x1="${X(joint)}" x2="${X(joint)}" y1="4" y2="${FOOT}"/>` +
    Array.from({ length: pixels }, (_, x) => `<text x="${X(x)}" y="${FOOT + 28}">${x}</text>`).join("");
  const arrow = (start, end, height) => {
    const a = X(start), b = clamp(X(end), 4, WIDE - 4), way = Math.sign(b - a), style = `fill="none" stroke="${COLORS.step}"`;
    return (
      `<line class="guide" x1="${a}" x2="${a}" y1="${ARROW}" y2="${Y(height)}"/>` +
      `<path ${style} stroke-width="5" d="M${a} ${ARROW}H${b - 10 * way}"/><path fill="${COLORS.step}" d="M${b} ${ARROW}l${-15 * way} -10v20z"/>`
    );
  };
  const terms = (formulas, step) =>
    Object.entries(TERMS).map(([name, color]) => {
      const value = name === "step" ? `${fixed(step.end - step.start, 2)} px` : fixed(step[name], 3);
      return `<span><span ${colored(color)}>${text[name]}</span> ${formulas[name]} = ${value}</span>`;
    }).join("");
  const say = (figure, title, step, formulas, said) => {
    figure.querySelector(".title span").textContent = title;
    figure.querySelector(".numbers").innerHTML = terms(formulas, step);
    figure.querySelector(".said").textContent = said;
    figure.querySelector("svg").setAttribute("aria-label", fill(text.described, { title, said }));
  };

  return () => {
    const { log: taken, start } = root.state, distance = Math.abs(start - joint), whole = taken === 1;
    const [l, c, r] = [-1, 0, 1].map((k) => logAt(start + k));
    const onLog = newton((r - l) / 2, l - 2 * c + r, start);
    const away = (start - joint) / sigma, height = Math.exp(logAt(start));
    const onBell = newton((-away / sigma) * height, ((away * away - 1) / sigma ** 2) * height, start);
    root.drawn = { log: onLog, bell: onBell, heights: Array.from({ length: pixels }, (_, x) => heightAt(x, taken)) };

    log.querySelector(".ink").innerHTML =
      foot + traced("curve", (x) => heightAt(x, taken)) + (whole ? arrow(start, onLog.end, heightAt(start, 1)) : "") + dots(taken, start);
    const title = fill(whole ? text.parabola : taken ? text.between : text.bell, { sigma });
    say(log, title, onLog, text.by_dots, whole ? fill(text.exact, { end: fixed(onLog.end, 2) }) : text.take);
    log.querySelector(".dots").textContent = fill(text.dots, { l: fixed(l, 3), c: fixed(c, 3), r: fixed(r, 3) });
    for (const row of log.querySelectorAll(".dots, .numbers")) row.classList.toggle("unknown", !whole);
    handle.setAttribute("transform", `translate(${X(start)} ${Y(heightAt(start, taken))})`);
    handle.setAttribute("aria-valuenow", start);
    handle.setAttribute("aria-valuetext", fill(text.position, { start, distance: fixed(distance, 1) }));

    const parabola = (x) => height + onBell.slope * (x - start) + 0.5 * onBell.curvature * (x - start) ** 2;
    bell.querySelector(".ink").innerHTML =
      foot + traced("curve", (x) => heightAt(x, 0)) + traced("fit", parabola) + arrow(start, onBell.end, height) + dots(null, start) +
      `<circle class="knob" cx="${X(start)}" cy="${Y(height)}" r="11" fill="${COLORS.m}"/>`;
    const values = { distance: fixed(distance, 1), error: fixed(Math.abs(onBell.end - joint), 2) };
    say(bell, text.itself, onBell, text.by_bell, fill(distance < sigma ? text.past : text.away, values));
    showLog(taken, fill(text.percent, { percent: Math.round(100 * taken) }));
  };
}

const newton = (slope, curvature, start) => ({ slope, curvature, start, end: start - slope / curvature });

// Lets the handle alone be held: elsewhere on the drawing a finger scrolls the page.
function holdable(svg, handle, at, begin, pixels) {
  let holding = false;
  handle.onpointerdown = (event) => {
    holding = true;
    handle.setPointerCapture(event.pointerId);
    handle.focus({ preventScroll: true });
    event.preventDefault();
  };
  handle.onpointermove = (event) => holding && begin((pointed(svg, event)[0] / WIDE) * pixels - 0.5);
  handle.onpointerup = handle.onpointercancel = () => { holding = false; };
  // Chromium heeds the touch-action of the whole svg only, and not every browser with a finger knows ontouchstart.
  handle.addEventListener("touchstart", (event) => event.preventDefault(), { passive: false });
  handle.onkeydown = (event) => {
    const way = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 }[event.key];
    if (!way) return;
    begin(at() + way);
    event.preventDefault();
    event.stopPropagation(); // elsewhere on the page the arrows step
  };
}
