// The picture that Home opens with: the crop with its heatmap over it. A pixel of the heatmap that is pointed at, tapped
// or reached by arrow keys shows its value and its patch of the photo.
// data: size [W, H] and map (float32, base64) of the heatmap, ground, the crop; joint, its name; photoPx; text, every word.
// state: x, y, the pixel. It stays in the browser: nothing on the page depends on it.

const AROUND = 2; // heatmap px shown around the patch, to each side

export default function (component) {
  mountFigure(component, buildProbe);
}

function buildProbe(root) {
  const { text } = root.data;
  root.innerHTML =
    `<div class="probe" data-part="probe">${plotHtml("all", text.all)}${plotHtml("patch", text.patch)}` +
    `<p class="answer"><span></span><output></output></p></div>`;
  const all = new Plot(root, "all"), patch = new Plot(root, "patch");
  const photo = `<image preserveAspectRatio="none"></image>`;
  all.canvas.insertAdjacentHTML("beforebegin", `<svg class="photo" aria-hidden="true">${photo}</svg>`);
  patch.svg.insertAdjacentHTML("afterbegin", photo);
  all.svg.setAttribute("role", "group");
  all.svg.insertAdjacentHTML("beforeend", `<g class="handle" tabindex="0" role="slider" aria-label="${text.handle}"></g>`);
  const handle = all.svg.querySelector(".handle"), [question, value] = root.querySelector(".answer").children;

  const go = ([x, y]) => {
    const [w, h] = root.data.size;
    Object.assign(root.state, { x: clamp(Math.round(x), 0, w - 1), y: clamp(Math.round(y), 0, h - 1) });
    root.redraw();
  };
  // A finger that scrolls the page chooses nothing on its way.
  all.svg.onpointermove = (event) => event.pointerType === "mouse" && go(pointed(all.svg, event));
  all.svg.onclick = (event) => {
    handle.focus({ preventScroll: true });
    go(pointed(all.svg, event));
  };
  handle.onkeydown = (event) => {
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (!way) return;
    go([root.state.x + way[0], root.state.y + way[1]]);
    event.preventDefault();
    event.stopPropagation(); // elsewhere on the page the arrows step
  };

  return () => {
    const { size: [w, h], ground, joint, photoPx } = root.data, { x, y } = root.state;
    const map = { w, h, v: floats(root.data.map) }, seen = at(map, x, y), shown = fixed(seen, 2);
    const names = { joint, x, y, value: shown, photo: fixed(photoPx, 1), width: w, height: h };
    for (const image of root.querySelectorAll("image")) {
      const place = { href: ground, x: -0.5, y: -0.5, width: w, height: h };
      for (const [name, at] of Object.entries(place)) if (image.getAttribute(name) !== String(at)) image.setAttribute(name, at);
    }

    all.view(-0.5, -0.5, w, h);
    all.svg.previousElementSibling.previousElementSibling.setAttribute("viewBox", `-0.5 -0.5 ${w} ${h}`);
    paint(all.canvas, map, 0, 1);
    all.range(0, 1);
    handle.innerHTML = frame(x - 0.5, y - 0.5, 1, 0.35);
    handle.setAttribute("aria-valuenow", shown);
    handle.setAttribute("aria-valuetext", fill(text.position, names));
    all.say(fill(text.all_alt, names), fill(text.point, names));

    const side = 2 * AROUND + 1, x0 = x - AROUND - 0.5, y0 = y - AROUND - 0.5;
    patch.view(x0, y0, side, side);
    patch.over(grid(x0, y0, side) + frame(x - 0.5, y - 0.5, 1, 0.06));
    patch.say(fill(text.patch_alt, names), fill(text.covers, names));
    question.textContent = fill(text.question, names);
    value.textContent = shown;
    value.style.borderColor = tint(seen);
    root.drawn = { x, y, value: seen };
  };
}

const tint = (value) => {
  const color = 3 * Math.round(clamp(value, 0, 1) * 255);
  return `rgb(${LUT.viridis.slice(color, color + 3).join(" ")})`;
};
