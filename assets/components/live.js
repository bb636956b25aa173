// Motion, live: the webcam under two skeletons. One frame is on its way at a time: the next is taken when the answer to
// the last one came, so that nothing queues up and the rate is what the server gives.
// data: address, side (longest side of a frame, px), decoders, bones, full and replaced (statuses of an answer), text.

const WINDOW = 24, QUALITY = 0.7; // frames over which jitter is measured; of a JPEG, some 10 kB
const REPEATS = 4, PAUSE = 500; // ms: how often and after how long a frame is sent anew that no process answered

export default function ({ data, parentElement }) {
  let root = parentElement.querySelector(".figure-root");
  if (!root) {
    root = Object.assign(document.createElement("div"), { className: "figure-root" });
    parentElement.appendChild(root);
    buildLive(root, data);
  }
  root.data = data;
  root.classList.toggle("present", data.present);
}

// The answer, null where none comes. A proxy whose process has died says 502, and asks another one the next time.
async function answered(ask) {
  for (let left = REPEATS; ; left--) {
    const answer = await ask().catch(() => null);
    if (!left || (answer && answer.status !== 502)) return answer;
    await new Promise((next) => setTimeout(next, PAUSE));
  }
}

function buildLive(root, { text }) {
  root.innerHTML =
    `<div class="live"><button type="button">${text.start}</button><p class="said" role="status"></p>` +
    `<div class="stage" hidden><div class="mirror"><canvas></canvas><svg role="img"></svg></div>` +
    `${legendHtml(["argmax", "dark"], "", "")}<p class="jitter"></p></div></div>`;
  const [button, said, stage, canvas, svg, jitter] = ["button", ".said", ".stage", "canvas", ".mirror svg", ".jitter"].map((one) => root.querySelector(one));
  const video = Object.assign(document.createElement("video"), { muted: true, playsInline: true });
  const frame = document.createElement("canvas");
  const visitor = Array.from(crypto.getRandomValues(new Uint8Array(16)), (one) => one.toString(16).padStart(2, "0")).join("");
  let camera = null, box = null, past = [], times = [];

  const stop = (words = "") => {
    for (const track of camera?.getTracks() ?? []) track.stop();
    camera = video.srcObject = null;
    button.textContent = text.start;
    said.textContent = words;
    stage.hidden = true;
  };
  const start = async () => {
    if (!navigator.mediaDevices?.getUserMedia) return stop(text.insecure);
    said.textContent = text.asking;
    const asked = { video: { width: { ideal: 640 }, facingMode: "user" }, audio: false };
    try {
      camera = await navigator.mediaDevices.getUserMedia(asked);
    } catch (error) {
      const why = { NotAllowedError: "denied", SecurityError: "denied", NotFoundError: "none", OverconstrainedError: "none" };
      return stop(text[why[error.name] ?? "busy"]);
    }
    [box, past, times] = [null, [], []];
    button.textContent = text.stop;
    said.textContent = text.first;
    video.srcObject = camera;
    camera.getVideoTracks()[0].onended = () => stop(text.busy);
    await video.play();
    for (const mine = camera; camera === mine; ) {
      if (!root.isConnected) return stop();
      if (document.hidden) await new Promise((next) => document.addEventListener("visibilitychange", next, { once: true }));
      else await oneFrame(mine);
    }
  };
  button.onclick = () => (camera ? stop() : start());

  const oneFrame = async (mine) => {
    // Each picture once, for a camera may be slower than the server: the same one again would not jitter.
    await new Promise((next) => video.requestVideoFrameCallback?.(next) ?? next());
    const { data } = root, scale = data.side / Math.max(video.videoWidth, video.videoHeight);
    [frame.width, frame.height] = [video.videoWidth, video.videoHeight].map((side) => Math.max(1, Math.round(side * Math.min(1, scale))));
    frame.getContext("2d").drawImage(video, 0, 0, frame.width, frame.height);
    const body = await new Promise((done) => frame.toBlob(done, "image/jpeg", QUALITY));
    const headers = { "X-Live-Visitor": visitor, "Content-Type": "image/jpeg", ...(box && { "X-Live-Box": box.join(" ") }) };
    const answer = await answered(() => fetch(data.address, { method: "POST", body, headers }));
    if (camera !== mine || answer?.status === data.replaced) return;
    if (answer?.status === data.full) return stop(text.full);
    if (!answer?.ok) return stop(text.lost);
    const found = await answer.json();
    if (camera === mine) draw(found);
  };

  const draw = (found) => {
    const { data } = root, { width, height } = frame, unit = Math.max(width, height) / 100;
    box = found.box;
    times = [...times, performance.now()].slice(-WINDOW);
    past = box ? [...past, found].slice(-WINDOW) : [];
    stage.hidden = false;
    [canvas.width, canvas.height] = [width, height];
    canvas.getContext("2d").drawImage(frame, 0, 0);
    svg.setAttribute("viewBox", `-0.5 -0.5 ${width} ${height}`);
    svg.setAttribute("aria-label", text.picture);
    svg.innerHTML = data.decoders
      .map((name) => {
        const xy = found.joints[name], { color } = lookOf(name);
        const bones = data.bones.map(([a, b]) => (xy[a] && xy[b] ? line(xy[a], xy[b], color, 0.5 * unit) : ""));
        return bones.join("") + xy.map((p) => (p ? marker(name, p, 1.1 * unit) : "")).join("");
      })
      .join("");
    const rate = times.length > 1 ? (1000 * (times.length - 1)) / (times.at(-1) - times[0]) : 0;
    const [argmax, dark] = data.decoders.map((name) => jitterOf(past, name));
    said.textContent = box ? "" : text.nobody;
    const told = { argmax: argmax === null ? "–" : fixed(argmax, 2), dark: dark === null ? "–" : fixed(dark, 2), rate: fixed(rate, 1) };
    jitter.textContent = fill(text.jitter, told);
    root.drawn = { found, rate, argmax, dark, count: (root.drawn?.count ?? 0) + 1, size: [width, height] };
  };
}

// Root mean square of the second differences over √6, over all joints, in heatmap px; dark_core/motion/measures.py.
function jitterOf(past, name) {
  let sum = 0, count = 0;
  for (let t = 1; t + 1 < past.length; t++) {
    const [before, now, after] = [past[t - 1], past[t], past[t + 1]].map((one) => one.joints[name]);
    now.forEach((p, k) => {
      if (!before[k] || !p || !after[k]) return;
      sum += [0, 1].reduce((all, i) => all + ((before[k][i] - 2 * p[i] + after[k][i]) / past[t].px) ** 2, 0) / 6;
      count += 1;
    });
  }
  return count ? Math.sqrt(sum / count) : null;
}
