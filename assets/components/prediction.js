// Predict, then reveal: while the answer is hidden the pointer and the arrows move a guess on `plot`.
// In a room (data.class: teacher, guesses, text) a phone sends its guess first, and the teacher sees them all.
// text: prompt, reveal, predict and guess_position of the figure's words.
const predictHtml = (text) =>
  `<div class="predict" data-part="predict"><span class="prompt">${text.prompt}</span><output aria-live="polite"></output>` +
  `<button data-do="send" hidden></button><button data-do="reveal">${text.reveal}</button><button data-do="predict">${text.predict}</button></div>`;

// `start()` is where a guess begins; `answer()` is [x, y] of the result or null, `said(miss)` the sentence on it.
function predicting(root, plot, { start, answer, said, drag }) {
  const box = root.querySelector(".predict");
  const button = (name) => box.querySelector(`[data-do=${name}]`);
  const handle = plot.svg.querySelector(".guess");
  let free = null; // who has the pointer: the joint (true) or the guess (false)
  const switchTo = (revealed) => {
    root.revealed = revealed;
    if (!revealed) root.guess = root.sent = null;
    hideParts(root);
    root.redraw();
    root.report();
  };
  button("reveal").onclick = () => switchTo(true);
  button("send").onclick = () => {
    root.sent = root.guess.map((p) => Math.round(p * 100) / 100);
    root.redraw();
    root.report();
  };
  button("predict").onclick = () => {
    switchTo(false);
    handle.style.display = ""; // what is not displayed takes no focus, and the redraw comes later
    handle.focus({ preventScroll: true });
  };
  return (size) => {
    const open = root.revealed;
    box.classList.toggle("asking", !open);
    const room = root.data.class, asked = room && !room.teacher && !open;
    button("send").hidden = !asked;
    button("send").textContent = room ? room.text.send : "";
    button("send").disabled = !root.guess || (root.sent !== null && apart(root.guess, root.sent) < 0.01);
    button("reveal").hidden = open || (asked && !root.sent);
    button("predict").hidden = !open;
    button("reveal").disabled = !root.guess && !room?.teacher;
    const guess = root.guess ?? start();
    const result = answer();
    const miss = open && root.guess && result ? apart(root.guess, result) : null;
    const cloud = room ? room.guesses : [];
    const mean = open && cloud.length && result ? cloud.reduce((sum, one) => sum + apart(one, result), 0) / cloud.length : null;
    const ofClass = mean === null ? "" : fill(room.text.mean, { count: cloud.length, heatmap: fixed(mean, 2), photo: fixed(mean * root.data.photoPx, 1) });
    box.querySelector("output").textContent = [miss === null ? "" : said(miss), ofClass].filter(Boolean).join(" ");
    handle.style.display = open && !root.guess ? "none" : "";
    handle.setAttribute("transform", `translate(${guess[0]} ${guess[1]})`);
    handle.setAttribute("tabindex", open ? -1 : 0);
    handle.setAttribute("aria-valuenow", guess[0].toFixed(2));
    handle.setAttribute("aria-valuetext", fill(root.data.text.guess_position, { x: fixed(guess[0], 2), y: fixed(guess[1], 2) }));
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
    const own = miss === null ? "" : line(root.guess, result, "#fff", size / 4, { "stroke-dasharray": size / 2 });
    return cloud.map((one) => cloudDot(one, size / 2)).join("") + own;
  };
}
