// Predict, then reveal: while the answer is hidden the pointer and the arrows move a guess on `plot`.
const predictHtml = (prompt) =>
  `<div class="predict" data-part="predict"><span class="prompt">${prompt}</span><output aria-live="polite"></output>` +
  `<button data-do="reveal">Reveal</button><button data-do="predict">Predict first</button></div>`;

// `start()` is where a guess begins; `answer()` is [x, y] of the result or null, `said(miss)` the sentence on it.
function predicting(root, plot, { start, answer, said, drag }) {
  const box = root.querySelector(".predict");
  const button = (name) => box.querySelector(`[data-do=${name}]`);
  const handle = plot.svg.querySelector(".guess");
  let free = null; // who has the pointer: the joint (true) or the guess (false)
  const switchTo = (revealed) => {
    root.revealed = revealed;
    if (!revealed) root.guess = null;
    hideParts(root);
    root.redraw();
    root.report();
  };
  button("reveal").onclick = () => switchTo(true);
  button("predict").onclick = () => {
    switchTo(false);
    handle.style.display = ""; // what is not displayed takes no focus, and the redraw comes later
    handle.focus({ preventScroll: true });
  };
  return (size) => {
    const open = root.revealed;
    box.classList.toggle("asking", !open);
    button("reveal").hidden = open;
    button("predict").hidden = !open;
    button("reveal").disabled = !root.guess;
    const guess = root.guess ?? start();
    const result = answer();
    const miss = open && root.guess && result ? apart(root.guess, result) : null;
    box.querySelector("output").textContent = miss === null ? "" : said(miss);
    handle.style.display = open && !root.guess ? "none" : "";
    handle.setAttribute("transform", `translate(${guess[0]} ${guess[1]})`);
    handle.setAttribute("tabindex", open ? -1 : 0);
    handle.setAttribute("aria-valuenow", guess[0].toFixed(2));
    handle.setAttribute("aria-valuetext", `your guess: x ${fixed(guess[0], 2)}, y ${fixed(guess[1], 2)} heatmap px`);
    handle.innerHTML = guessMark([0, 0], size);
    handle.setAttribute("opacity", root.guess ? 1 : 0.45); // where the arrows would begin
    plot.svg.classList.toggle("guessing", !open);
    if (free !== open) {
      free = open;
      if (open) drag();
      else {
        draggable(plot.svg, handle, () => root.guess ?? start(), (xy) => {
          root.guess = xy;
          root.redraw();
        });
      }
    }
    return miss === null ? "" : line(root.guess, result, "#fff", size / 4, { "stroke-dasharray": size / 2 });
  };
}
