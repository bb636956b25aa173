// Mounts an interactive figure once and redraws it when its state or Python's data change.
//
// build(root) writes the HTML and returns draw(root), which draws root.state and sets root.drawn, the values drawn.
// The state belongs to the browser until Python names another epoch (a new case, a new picture); what
// changes here is reported at most 14 times a second and always in the end.
function mountFigure({ data, parentElement, setStateValue }, build) {
  let root = parentElement.querySelector(".figure-root");
  if (!root) {
    root = document.createElement("div");
    root.className = "figure-root";
    parentElement.appendChild(root);
  }
  root.data = data;
  if (root.epoch !== data.epoch) {
    root.epoch = data.epoch;
    root.state = { ...data.state };
    root.guess = root.sent = null;
    root.revealed = !data.hide.includes("answer");
  }
  // The page's own button has revealed what the address hid, or a room has hidden it.
  const kept = data.hide.includes("answer");
  if (root.kept !== undefined && root.kept !== kept) root.revealed = !kept;
  root.kept = kept;
  root.send = () => setStateValue("state", { ...root.state, revealed: root.revealed, epoch: root.epoch, guess: root.sent });
  root.report ??= throttled(() => root.send());
  root.redraw = () => {
    root.waiting ??= requestAnimationFrame(() => {
      root.waiting = undefined;
      root.draw(root);
    });
  };
  root.change = (values) => {
    Object.assign(root.state, values);
    root.redraw();
    root.report();
  };
  root.draw ??= build(root);
  root.classList.toggle("present", data.present);
  root.draw(root);
  hideParts(root);
}

function throttled(send, ms = 70) {
  let timer = null, again = false;
  const run = () => {
    timer = null;
    if (again) {
      again = false;
      send();
      timer = setTimeout(run, ms);
    }
  };
  const ask = () => {
    again = true;
    if (timer === null) run();
  };
  return ask;
}

// ?hide=…: every element that names one of the hidden parts goes; the answer comes back when it is revealed.
function hideParts(root) {
  const hide = new Set(root.data.hide);
  if (root.revealed) hide.delete("answer");
  else hide.add("answer");
  for (const element of root.querySelectorAll("[data-part]")) {
    element.hidden = element.dataset.part.split(" ").some((part) => hide.has(part));
  }
}
