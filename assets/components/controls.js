// What a visitor moves: a marker to drag, also by arrow keys, and sliders.

// The pointer's place in a plot's own coordinates.
function pointed(svg, event) {
  const p = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
  return [p.x, p.y];
}

// Lets `handle` (a focusable group in svg) be dragged and moved by arrow keys: 0.1, with Shift 1 of `unit`.
// move(xy) takes each new position in the plot's coordinates; at() gives the present one. A finger drags only the handle.
// Beside the handle a finger may scroll the page, so the handle moves only if the finger lifts without scrolling.
function draggable(svg, handle, at, move, unit = 1) {
  let grip = null, tapping = false;
  svg.onpointerdown = (event) => {
    const here = at(), there = pointed(svg, event);
    const near = handle.contains(event.target);
    tapping = event.pointerType === "touch" && !near;
    if (tapping) return;
    grip = near ? [here[0] - there[0], here[1] - there[1]] : [0, 0];
    svg.setPointerCapture(event.pointerId);
    handle.focus({ preventScroll: true });
    if (!near) move(there);
    event.preventDefault();
  };
  svg.onpointermove = (event) => {
    if (!grip) return;
    const there = pointed(svg, event);
    move([there[0] + grip[0], there[1] + grip[1]]);
  };
  svg.onpointerup = (event) => {
    if (tapping) {
      handle.focus({ preventScroll: true });
      move(pointed(svg, event));
    }
    grip = null;
    tapping = false;
  };
  svg.onpointercancel = () => {
    grip = null;
    tapping = false;
  };
  // Chromium heeds the touch-action of the whole svg only, which lets the page scroll.
  if (!handle.held) handle.addEventListener("touchstart", (event) => event.preventDefault(), { passive: false });
  handle.held = true;
  handle.onkeydown = (event) => {
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (!way) return;
    const step = unit * (event.shiftKey ? 1 : 0.1), here = at();
    move([here[0] + way[0] * step, here[1] + way[1] * step]);
    event.preventDefault();
    event.stopPropagation(); // elsewhere on the page the arrows step
  };
}

// The grip of a line: a disc with an arrow to either side, and around it room for a finger.
function gripHtml(grip, finger, unit) {
  const arrows = `M${-0.3 * grip} ${-0.4 * grip}L${-0.7 * grip} 0L${-0.3 * grip} ${0.4 * grip}M${0.3 * grip} ${-0.4 * grip}L${0.7 * grip} 0L${0.3 * grip} ${0.4 * grip}`;
  return (
    tag("circle", { r: finger, fill: "transparent" }) +
    tag("circle", { r: grip, fill: "#000", stroke: "#fff", "stroke-width": 0.3 * unit }) +
    tag("path", { d: arrows, fill: "none", stroke: "#fff", "stroke-width": 0.35 * unit, "stroke-linecap": "round" })
  );
}

// A slider drawn by the figure itself, so that the picture follows the hand.
function slider(root, name, apply) {
  const input = root.querySelector(`input[data-control="${name}"]`);
  input.oninput = () => apply(Number(input.value));
  input.onkeydown = (event) => event.stopPropagation();
  return (value, text) => {
    if (root.getRootNode().activeElement !== input || Number(input.value) !== value) input.value = value;
    input.setAttribute("aria-valuetext", text);
    input.parentElement.querySelector("output").textContent = text;
  };
}

const sliderHtml = (name, label, low, high, step, parts = "") =>
  `<label class="slider" data-part="${name} ${parts}"><span>${label}</span><input type="range" data-control="${name}" min="${low}" max="${high}" step="${step}" aria-label="${label}"><output></output></label>`;
