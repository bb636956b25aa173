// Before and after: one person decoded by two decoders, either side of a line that is dragged. A lens at the line's grip
// or under the mouse magnifies both. All in px of the photo's own file, and all in the browser.
// data: names [before, after], joints {name: [[x, y] or null]}, sure, bones, size, view [x, y, w, h], photo (its key in
// kept_photo.js), photoPx (of one heatmap px), text, every word.
// state: x, y, the grip: x is the line.

const MAGNIFIED = 5, EXAGGERATED = 10, LENS = 0.17, GRIP = 0.028; // the radii in parts of the picture's side

export default function (component) {
  mountFigure(component, buildWipe);
  const root = component.parentElement.querySelector(".figure-root");
  window.addEventListener("darkexplorerphoto", root.redraw);
  return () => window.removeEventListener("darkexplorerphoto", root.redraw);
}

function buildWipe(root) {
  const { text } = root.data;
  root.innerHTML =
    `<div class="wipe">${plotHtml("wipe", text.title, { parts: "wipe", classes: "hands" })}` +
    `<label class="tenfold" data-part="wipe"><input type="checkbox" data-control="tenfold"> ${text.tenfold}</label></div>`;
  const plot = new Plot(root, "wipe"), tenfold = root.querySelector("input");
  plot.svg.setAttribute("role", "group");
  plot.overlay.insertAdjacentHTML(
    "beforebegin",
    `<defs><clipPath id="before"><rect></rect></clipPath><clipPath id="after"><rect></rect></clipPath>` +
      `<clipPath id="lens"><circle></circle></clipPath></defs>` +
      `<image class="ground" preserveAspectRatio="none"></image>`,
  );
  plot.svg.insertAdjacentHTML(
    "beforeend",
    `<g class="handle" tabindex="0" role="slider" aria-label="${text.handle}" aria-valuemin="0" aria-valuemax="100"></g>`,
  );
  plot.svg.insertAdjacentHTML(
    "afterend",
    `<span class="exaggerated">${text.exaggerated}</span>`,
  );
  plot.svg.parentElement.insertAdjacentHTML(
    "beforebegin",
    `<div class="sides">${root.data.names.map((name) => `<span class="side">${lookOf(name).title}</span>`).join("")}</div>`,
  );
  const handle = plot.svg.querySelector(".handle"), labels = root.querySelectorAll(".side"), exaggerated = root.querySelector(".exaggerated");
  let hovered = null, side = 0;

  const go = ([x, y]) => {
    const [x0, y0, w, h] = root.data.view;
    Object.assign(root.state, { x: clamp(x, x0, x0 + w), y: clamp(y, y0, y0 + h) });
    hovered = null;
    root.redraw();
  };
  const listen = () => {
    if (side === root.data.view[2]) return;
    side = root.data.view[2];
    draggable(plot.svg, handle, () => [root.state.x, root.state.y], go, side / 5);
    const move = plot.svg.onpointermove, step = handle.onkeydown;
    plot.svg.onpointermove = (event) => {
      move(event);
      if (event.pointerType !== "mouse" || event.buttons || handle.contains(event.target)) return;
      hovered = pointed(plot.svg, event);
      root.redraw();
    };
    handle.onkeydown = (event) => {
      const [x0, , w] = root.data.view, end = { Home: x0, End: x0 + w }[event.key];
      if (end === undefined) return step(event);
      go([end, root.state.y]);
      event.preventDefault();
      event.stopPropagation();
    };
  };
  plot.svg.onpointerleave = () => {
    hovered = null;
    root.redraw();
  };
  tenfold.onchange = root.redraw;

  const attributes = (element, values) => {
    for (const [name, value] of Object.entries(values)) if (element.getAttribute(name) !== String(value)) element.setAttribute(name, value);
  };

  return () => {
    listen();
    const { names: [before, after], joints, sure, bones, size, view: [x0, y0, w, h], photoPx } = root.data;
    const { x, y } = root.state, far = tenfold.checked ? EXAGGERATED : 1;
    plot.view(x0, y0, w, h);
    const kept = window.darkExplorerPhoto, href = kept?.key === root.data.photo ? kept.href : "";
    const ground = { href, x: -0.5, y: -0.5, width: size[0], height: size[1] };
    attributes(plot.svg.querySelector(".ground"), ground);
    attributes(plot.svg.querySelector("#before rect"), { x: x0, y: y0, width: x - x0, height: h });
    attributes(plot.svg.querySelector("#after rect"), { x, y: y0, width: x0 + w - x, height: h });

    // What is exaggerated moves away from DARK, which stays.
    const from = joints[before].map((p, k) => p && joints[after][k] && p.map((v, axis) => joints[after][k][axis] + far * (v - joints[after][k][axis])));
    const placed = { [before]: from, [after]: joints[after] };
    const skeleton = (name, unit) => {
      const xy = placed[name], { color } = lookOf(name);
      return (
        bones.map(([a, b]) => (xy[a] && xy[b] && sure[a] && sure[b] ? line(xy[a], xy[b], color, 0.55 * unit) : "")).join("") +
        xy.map((p, k) => (p ? marker(name, p, 0.8 * unit, sure[k] ? 1 : 0.4) : "")).join("")
      );
    };
    const unit = w / 100, radius = LENS * w, [lx, ly] = hovered ?? [x, y];
    // Beside the grip, so that neither it nor a finger covers the lens; under the mouse where it only looks.
    const beside = (x < x0 + 0.45 * w ? -1 : 1) * (radius + 2 * GRIP * w), fits = x + beside - radius >= x0 && x + beside + radius <= x0 + w;
    const center = hovered ?? [fits ? x + beside : x - beside, clamp(y, y0 + radius, y0 + h - radius)];
    const shift = `translate(${center[0]} ${center[1]}) scale(${MAGNIFIED}) translate(${-lx} ${-ly})`;
    attributes(plot.svg.querySelector("#lens circle"), { cx: center[0], cy: center[1], r: radius });
    const bar = photoPx * MAGNIFIED, low = center[1] + 0.78 * radius;
    const inLens = [before, after].map((name) => skeleton(name, unit / 2.2)).join("");
    plot.over(
      `<g clip-path="url(#before)">${skeleton(before, unit)}</g><g clip-path="url(#after)">${skeleton(after, unit)}</g>` +
        line([x, y0], [x, y0 + h], "#fff", 0.35 * unit) +
        tag("g", { "clip-path": "url(#lens)", class: "lens", "pointer-events": "none" },
          tag("rect", { x: center[0] - radius, y: center[1] - radius, width: 2 * radius, height: 2 * radius, fill: "#000" }) +
          tag("g", { transform: shift }, tag("image", { ...ground, preserveAspectRatio: "none" }) + inLens) +
          line([center[0] - bar / 2, low], [center[0] + bar / 2, low], "#fff", 0.6 * unit)) +
        tag("circle", { cx: center[0], cy: center[1], r: radius, fill: "none", stroke: "#000", "stroke-width": unit, "pointer-events": "none" }) +
        tag("circle", { cx: center[0], cy: center[1], r: radius, fill: "none", stroke: "#fff", "stroke-width": 0.5 * unit, "pointer-events": "none" }),
    );
    const grip = GRIP * w;
    handle.setAttribute("transform", `translate(${x} ${y})`);
    handle.innerHTML = gripHtml(grip, Math.max(grip, (22 * w) / (plot.svg.clientWidth || w)), unit);

    const share = Math.round((100 * (x - x0)) / w), names = { share, x: fixed(lx, 0), y: fixed(ly, 0) };
    handle.setAttribute("aria-valuenow", share);
    handle.setAttribute("aria-valuetext", fill(text.position, names));
    [before, after].forEach((name, k) => { labels[k].style.borderColor = lookOf(name).color; });
    exaggerated.hidden = far === 1;
    plot.say(fill(far === 1 ? text.alt : text.alt_tenfold, names), fill(text.note, { magnification: MAGNIFIED, photo_px: fixed(photoPx, 1) }));
    root.drawn = { x, y, lens: [lx, ly], share, before: from };
  };
}
