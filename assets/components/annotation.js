// Placing: the visitor puts the true joints on their own photo, with no reading in sight. All in px of its file.
// data: names, bones, size [W, H], photo (its key in photo.js), views (where the magnifier looks for a joint not placed
// yet), span (the side it shows), photoPx (of one heatmap px), step (of an arrow key).
// State: joint (its name), placed {name: [x, y]}.

export default function (component) {
  mountFigure(component, buildAnnotation);
  const root = component.parentElement.querySelector(".figure-root");
  const resized = new ResizeObserver(root.redraw);
  resized.observe(root);
  window.addEventListener("darkexplorerphoto", root.redraw);
  return () => {
    resized.disconnect();
    window.removeEventListener("darkexplorerphoto", root.redraw);
  };
}

function buildAnnotation(root) {
  const { text } = root.data;
  root.innerHTML =
    `<div class="annotation">` +
    plotHtml("photo", text.photo) +
    plotHtml("magnifier", text.magnifier, { classes: "hands" }) +
    `</div>`;
  const [photo, magnifier] = ["photo", "magnifier"].map((name) => new Plot(root, name));
  for (const plot of [photo, magnifier]) plot.svg.insertAdjacentHTML("afterbegin", `<image preserveAspectRatio="none"></image>`);
  magnifier.panel.querySelector(".note").insertAdjacentHTML(
    "beforebegin",
    `<div class="do"><button data-do="next">${text.next}</button><button data-do="remove">${text.remove}</button></div>`,
  );
  magnifier.svg.setAttribute("role", "group");
  magnifier.svg.insertAdjacentHTML("beforeend", `<g class="handle" tabindex="0" role="slider" aria-valuenow="0"></g>`);
  const handle = magnifier.svg.querySelector(".handle");
  const button = (name) => root.querySelector(`[data-do=${name}]`);

  let held = false; // the pointer has the ring
  let epoch = null, looking = null, center = null; // which joint the magnifier looks at, and where
  let heard = null, asked = null; // the joint that Python named last, and the one it was asked for
  let step = 0;

  const index = () => root.data.names.indexOf(root.state.joint);
  const placed = () => root.state.placed[root.state.joint] ?? null;
  const put = (to) => {
    const half = root.data.span / 2;
    const xy = to.map((p, axis) => {
      const seen = held ? clamp(p, center[axis] - half, center[axis] + half) : p;
      return Math.round(10 * clamp(seen, -0.5, root.data.size[axis] - 0.5)) / 10;
    });
    root.state.placed = { ...root.state.placed, [root.state.joint]: xy };
    root.redraw();
    if (!held) root.report(); // while it is dragged only the browser needs to know
  };
  const next = () => {
    asked = root.data.names[(index() + 1) % root.data.names.length];
    root.change({ joint: asked });
  };
  const remove = () => {
    const { [root.state.joint]: _, ...others } = root.state.placed;
    root.change({ placed: others });
  };

  photo.svg.onclick = (event) => {
    put(pointed(photo.svg, event));
    center = placed();
    handle.focus({ preventScroll: true });
  };
  magnifier.panel.addEventListener("pointerdown", (event) => { held = magnifier.svg.contains(event.target); }, true);
  for (const end of ["pointerup", "pointercancel"]) {
    magnifier.svg.addEventListener(end, () => {
      held = false;
      root.change({});
    });
  }
  button("next").onclick = next;
  button("remove").onclick = remove;

  // The arrows' step follows the photo's scale.
  const listen = () => {
    if (step === root.data.step) return;
    step = root.data.step;
    draggable(magnifier.svg, handle, () => placed() ?? center, put, 10 * step);
    const move = handle.onkeydown;
    handle.onkeydown = (event) => {
      if (event.key !== "Enter") move(event);
      else if (placed()) next();
      else put(center);
    };
  };

  // The list on the page chooses the joint too; what was asked here and has not come back yet goes first.
  const follow = () => {
    const told = root.data.state.joint;
    if (epoch !== root.epoch || told === asked) asked = null;
    else if (asked === null && told !== heard) root.state.joint = told;
    heard = told;
    if (epoch !== root.epoch || looking !== root.state.joint) center = placed() ?? root.data.views[index()];
    [epoch, looking] = [root.epoch, root.state.joint];
    const xy = placed(), far = xy && Math.max(...xy.map((p, axis) => Math.abs(p - center[axis])));
    if (!held && far > 0.36 * root.data.span) center = xy;
  };

  const show = (plot, x, y, w, h) => {
    plot.view(x, y, w, h);
    plot.panel.style.setProperty("--ratio", w / h);
    const image = plot.svg.querySelector("image"), { size } = root.data, kept = window.darkExplorerPhoto;
    const href = kept?.key === root.data.photo ? kept.href : "";
    if (image.getAttribute("href") !== href) image.setAttribute("href", href);
    for (const [name, value] of Object.entries({ x: -0.5, y: -0.5, width: size[0], height: size[1] })) image.setAttribute(name, value);
  };

  return () => {
    listen();
    follow();
    const { names, bones, size, span, photoPx } = root.data, all = root.state.placed;
    const name = root.state.joint, xy = placed(), done = names.filter((joint) => all[joint]).length;
    const corner = center.map((c) => c - span / 2);

    photo.panel.querySelector(".title span").textContent = fill(text.photo_of, { joint: name });
    show(photo, -0.5, -0.5, ...size);
    const px = size[0] / (photo.svg.clientWidth || 1); // of the file, a px of the screen
    photo.over(
      bones.map(([a, b]) => (all[names[a]] && all[names[b]] ? line(all[names[a]], all[names[b]], STYLE.colors[STYLE.limbs.neutral], 2 * px) : "")).join("") +
        frame(...corner, span, px) +
        names.map((joint) => (all[joint] && joint !== name ? truthMark(all[joint], 5 * px) : "")).join("") +
        (xy ? truthMark(xy, 8 * px) : ""),
    );
    photo.say(
      fill(text.photo_alt, { done, all: names.length }),
      fill(text.photo_note, { done, all: names.length }),
    );

    show(magnifier, ...corner, span, span);
    const fine = span / (magnifier.svg.clientWidth || 1);
    magnifier.over(scaleBar(...corner, span, photoPx));
    const at = { joint: name, x: xy && fixed(xy[0], 1), y: xy && fixed(xy[1], 1), step, large_step: 10 * step, photo_px: fixed(photoPx, 1) };
    const said = (part) => fill(text[`${xy ? "" : "not_"}placed${part}`], at);
    magnifier.say(fill(text.magnifier_alt, { joint: name, where: said("") }), said("_note"));
    magnifier.panel.querySelector(".magnification").textContent = fill(text.magnification, { times: fixed(px / fine, 1) });
    handle.style.pointerEvents = xy ? "" : "none";
    handle.setAttribute("transform", `translate(${(xy ?? center).join(" ")})`);
    handle.setAttribute("aria-label", fill(text.handle, at));
    handle.setAttribute("aria-valuenow", (xy ?? center)[0]);
    handle.setAttribute("aria-valuemin", -0.5);
    handle.setAttribute("aria-valuemax", size[0] - 0.5);
    handle.setAttribute("aria-valuetext", said("_value"));
    handle.innerHTML = tag("circle", { r: 22 * fine, fill: "transparent" }) + (xy ? truthMark([0, 0], 11 * fine) : "");
    button("remove").disabled = !xy;
    root.drawn = { joint: name, xy, placed: all, center, span };
  };
}
