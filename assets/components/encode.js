// Encode: the joint is dragged over the heatmap's grid; the three targets, their difference and the error follow.
// data: {scale, shift} photo px -> heatmap px, size [W, H] and window [x0, y0, n] in heatmap px, sigma, photoPx, ground;
// text, every word of the figure, from the catalog of the page.

const WAYS = ["floor", "round", "unbiased"];
const UNIT = 41; // samples along the unit pixel

export default function (component) {
  mountFigure(component, buildEncode);
}

function buildEncode(root) {
  const { text } = root.data;
  const small = (name, title, parts = "") => plotHtml(name, title, { parts });
  root.innerHTML =
    `<div class="encode">` +
    `<div class="main" data-part="grid">${plotHtml("grid", "", { classes: "hands" })}${legendHtml(["truth", ...WAYS], text.truth)}${predictHtml(text)}</div>` +
    `<div class="answers" data-part="answer">` +
    WAYS.map((way) => small(way, fill(text.target, { encoding: ENCODINGS[way].title }), `targets ${way}`)).join("") +
    small("difference", text.difference, "difference") +
    small("unit-floor", text.floor_error, "unit unit-floor") +
    small("unit-round", text.round_error, "unit unit-round") +
    `</div></div>`;
  const plots = Object.fromEntries(
    ["grid", ...WAYS, "difference", "unit-floor", "unit-round"].map((name) => [name, new Plot(root, name)]),
  );
  const main = plots.grid;
  main.svg.setAttribute("role", "group");
  main.svg.insertAdjacentHTML("afterbegin", `<image preserveAspectRatio="none"></image>`);
  main.svg.insertAdjacentHTML(
    "beforeend",
    `<g class="guess" role="slider" aria-label="${text.guess}" aria-valuenow="0"></g>` +
      `<g class="handle" tabindex="0" role="slider" aria-label="${text.joint}" aria-valuenow="0"></g>`,
  );
  const handle = main.svg.querySelector(".handle");

  const toMap = (photo) => photo.map((p, axis) => root.data.scale[axis] * p + root.data.shift[axis]);
  const joint = () => toMap([root.state.x, root.state.y]);
  const move = (xy) => {
    const [x0, y0, n] = root.data.window;
    const held = [clamp(xy[0], x0 - 0.5, x0 + n - 0.5), clamp(xy[1], y0 - 0.5, y0 + n - 0.5)];
    const [x, y] = held.map((p, axis) => (p - root.data.shift[axis]) / root.data.scale[axis]);
    root.change({ x: Math.round(x * 100) / 100, y: Math.round(y * 100) / 100 });
  };
  const predict = predicting(root, main, {
    start: () => [root.data.window[0] + 2, root.data.window[1] + root.data.window[2] - 3],
    answer: () => quantize(joint(), "floor"),
    said: (miss) => fill(text.verdict, { heatmap: fixed(miss, 2), photo: fixed(miss * root.data.photoPx, 1) }),
    drag: () => draggable(main.svg, handle, joint, move),
  });

  return () => {
    const { window: win, size, sigma, photoPx, ground } = root.data;
    const [x0, y0, n] = win, view = [x0 - 0.5, y0 - 0.5, n, n], mark = n / 46;
    const xy = joint();
    const centers = Object.fromEntries(WAYS.map((way) => [way, quantize(xy, way)]));
    const targets = Object.fromEntries(WAYS.map((way) => [way, encode(xy, size[0], size[1], sigma, way)]));
    const difference = newMap(size[0], size[1], (_x, _y, i) => targets.unbiased.v[i] - targets.floor.v[i]);
    const error = (way) => apart(centers[way], xy);

    // The grid under the hand.
    main.panel.querySelector(".title span").textContent = root.revealed ? text.grid : text.grid_asked;
    main.view(...view);
    const image = main.svg.querySelector("image");
    if (image.getAttribute("href") !== ground) {
      if (ground) image.setAttribute("href", ground);
      else image.removeAttribute("href");
    }
    for (const [name, value] of Object.entries({ x: view[0], y: view[1], width: n, height: n })) image.setAttribute(name, value);
    paint(main.canvas, cut(targets.unbiased, x0, y0, n, n), 0, 1);
    const opened = root.revealed
      ? WAYS.map((way) => line(xy, centers[way], lookOf(way).color, n / 90)).join("") +
        WAYS.map((way) => marker(way, centers[way], mark)).join("")
      : "";
    const guessed = predict(mark * 1.2);
    main.over(grid(view[0], view[1], n) + opened + guessed + scaleBar(view[0], view[1], n, 1));
    handle.setAttribute("transform", `translate(${xy[0]} ${xy[1]})`);
    handle.setAttribute("aria-valuenow", xy[0].toFixed(2));
    handle.setAttribute("aria-valuetext", fill(text.position, { x: fixed(xy[0], 2), y: fixed(xy[1], 2) }));
    if (!handle.firstChild) handle.innerHTML = `<circle r="${mark * 4}" fill="transparent"></circle>` + truthMark([0, 0], mark * STYLE.inset.truth);
    const errors = { floor: fixed(error("floor"), 2), round: fixed(error("round"), 2) };
    main.say(
      fill(root.revealed ? text.grid_alt : text.grid_alt_hidden, { joint: pair(xy), ...errors }),
      fill(text.grid_note, { joint: pair(xy), photo: fixed(photoPx, 1) }),
    );

    // The three targets and what lies between two of them.
    for (const way of WAYS) {
      const plot = plots[way];
      plot.view(...view);
      paint(plot.canvas, cut(targets[way], x0, y0, n, n), 0, 1);
      plot.range(0, 1);
      plot.over(line(xy, centers[way], "#fff", n / 90) + truthMark(xy, mark * 2.2) + marker(way, centers[way], mark * 1.6));
      const exact = way === "unbiased", values = { encoding: ENCODINGS[way].title, error: fixed(error(way), 2) };
      plot.say(
        fill(text.target_alt, { ...values, center: pair(centers[way]) }),
        fill(exact ? text.on_joint : text.off_joint, { ...values, center: pair(centers[way], exact ? 2 : 0) }),
      );
    }
    const most = difference.v.reduce((top, value) => Math.max(top, Math.abs(value)), 0);
    plots.difference.view(...view);
    paint(plots.difference.canvas, cut(difference, x0, y0, n, n), -0.5, 0.5, "diverging");
    plots.difference.range(-0.5, 0.5, "diverging");
    plots.difference.over(truthMark(xy, mark * 2.2));
    plots.difference.say(fill(text.difference_alt, { most: fixed(most, 2) }), fill(text.difference_note, { most: fixed(most, 2) }));

    // The error over the unit pixel, from one pixel center to the next.
    const phase = xy.map((p) => p - Math.floor(p));
    for (const way of ["floor", "round"]) {
      const plot = plots[`unit-${way}`];
      const values = newMap(UNIT, UNIT, (u, v) => {
        const place = [u / (UNIT - 1), v / (UNIT - 1)].map((p) => Math.min(p, 1 - 1e-9));
        return apart(place, quantize(place, way));
      });
      paint(plot.canvas, values, 0, Math.SQRT2);
      plot.range(0, Math.SQRT2, "viridis", 2);
      plot.view(0, 0, 1, 1);
      plot.over(truthMark(phase, 0.06));
      plot.say(fill(text[`unit_${way}_alt`], { error: errors[way] }), fill(text.unit_note, { error: errors[way] }));
    }
    root.drawn = { xy, centers, targets: Object.fromEntries(WAYS.map((way) => [way, [...targets[way].v]])), difference: [...difference.v], errors: Object.fromEntries(WAYS.map((way) => [way, error(way)])) };
  };
}
