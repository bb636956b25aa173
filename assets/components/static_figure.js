// Mounts a figure written by Python (trusted: every visitor's string in it is escaped there) and
// reports two gestures: a choice (an element with data-pick) and a box drawn on a data-draw picture.

const MIN_SIDE = 16; // photo px: a smaller drag is a slip of the hand

export default function ({ data, parentElement, setTriggerValue }) {
  let root = parentElement.querySelector(".figure-root");
  if (!root) {
    root = document.createElement("div");
    root.className = "figure-root";
    parentElement.appendChild(root);
  }
  if (root.drawn !== data.html) {
    const focused = root.getRootNode().activeElement?.dataset?.pick;
    root.innerHTML = data.html;
    root.drawn = data.html;
    // A choice redraws the figure; the keyboard stays where it was.
    if (focused) root.querySelector(`[data-pick="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
  }

  root.classList.toggle("present", data.present);
  for (const part of root.querySelectorAll("[data-part]")) {
    part.hidden = part.dataset.part.split(" ").some((name) => data.hide.includes(name));
  }

  const choose = (event) => {
    const target = event.target.closest("[data-pick]");
    if (target) setTriggerValue("pick", target.dataset.pick);
    return Boolean(target);
  };
  root.onclick = choose;
  root.onkeydown = (event) => {
    if ((event.key === "Enter" || event.key === " ") && choose(event)) event.preventDefault();
  };

  const laidOut = () => {
    sayMagnification(root, data.text.magnification);
    for (const table of root.querySelectorAll(".wide-table")) showOverflow(table, data.text.scrolls);
  };
  laidOut();
  const resized = new ResizeObserver(laidOut);
  resized.observe(root);

  const svg = root.querySelector("svg[data-draw]");
  if (svg) drawBoxes(svg, (box) => setTriggerValue("box", box));

  return () => resized.disconnect();
}

// How much larger an inset shows a heatmap pixel than the map beside it does, as laid out now.
function sayMagnification(root, text) {
  const width = (svg) => svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
  const [map, inset] = ["map", "inset"].map((scale) => root.querySelector(`svg[data-scale=${scale}]`));
  if (!map || !inset || !width(map) || !width(inset)) return; // one of them is hidden
  const times = Math.round(width(inset) / width(map));
  inset.closest(".panel").querySelector(".magnification").textContent = text.replace("{times}", times);
}

// Says below a table that is wider than its box that it scrolls; a shadow marks the edge with more columns beyond it.
function showOverflow(table, text) {
  let hint = table.nextElementSibling;
  if (!hint?.matches(".scrolls")) {
    hint = document.createElement("p");
    hint.classList.add("scrolls", "note");
    hint.textContent = text;
    table.after(hint);
  }
  const update = () => {
    const beyond = table.scrollWidth - table.clientWidth;
    hint.hidden = beyond <= 1;
    table.classList.toggle("more-right", table.scrollLeft < beyond - 1);
    table.classList.toggle("more-left", table.scrollLeft > 1);
    if (beyond > 1) table.tabIndex = 0; // the arrow keys scroll what has the focus
    else table.removeAttribute("tabindex");
  };
  table.onscroll = update;
  update();
}

// The pointer's place in the picture's own coordinates, a pixel's center being an integer.
function place(svg, event) {
  const p = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
  const { x, y, width, height } = svg.viewBox.baseVal;
  return [Math.min(Math.max(p.x, x), x + width), Math.min(Math.max(p.y, y), y + height)];
}

function drawBoxes(svg, report) {
  const band = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  band.setAttribute("class", "band");
  let from = null;
  const corners = (to) => [Math.min(from[0], to[0]), Math.min(from[1], to[1]), Math.max(from[0], to[0]), Math.max(from[1], to[1])];
  svg.onpointerdown = (event) => {
    from = place(svg, event);
    svg.setPointerCapture(event.pointerId);
    svg.appendChild(band);
  };
  svg.onpointermove = (event) => {
    if (!from) return;
    const [x0, y0, x1, y1] = corners(place(svg, event));
    for (const [name, value] of Object.entries({ x: x0, y: y0, width: x1 - x0, height: y1 - y0 })) band.setAttribute(name, value);
  };
  svg.onpointerup = (event) => {
    if (!from) return;
    const [x0, y0, x1, y1] = corners(place(svg, event));
    from = null;
    band.remove();
    // Boxes count pixel edges, the picture pixel centers: half a pixel apart.
    if (x1 - x0 >= MIN_SIDE && y1 - y0 >= MIN_SIDE) report([x0 + 0.5, y0 + 0.5, x1 + 0.5, y1 + 0.5]);
  };
  svg.onpointercancel = () => {
    from = null;
    band.remove();
  };
}
