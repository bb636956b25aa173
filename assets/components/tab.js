// Keeps in this tab what the visitor gave to the page, and hands it to another process when the one that had it is gone.
// It is kept in memory: who reloads or closes the tab has taken it away.
// data: session (of the server), seen {kind: the last number that the session looked at}, kept {kind: the number it holds
// now, 0 for none}, notes {kind: what else it holds of that file}, most {kind: bytes of a file}.
// State: held, [{kind, number, session that it was given to, notes}]. Numbers count the files of a tab.

const GIVEN = { "st-key-upload": "photo", "st-key-maps_file": "maps" };
const CAMERA = ".st-key-camera";
const COPIED = 2 ** 25; // bytes: a file up to here is kept itself, a larger one as the browser's reference to it

let held = []; // oldest first: {kind, number, session, notes, file}
let count = 0, told = "";
let now = null; // the arguments of the last call

export default function (component) {
  now = component;
  const { session, seen, kept, notes } = component.data;
  for (const one of held) {
    if (one.number !== kept[one.kind]) continue;
    one.notes = notes[one.kind];
    one.session = session;
  }
  held = held.filter(({ kind, number }) => number === kept[kind] || number > (seen[kind] ?? 0));
  report();
  handIn();
}

function report() {
  const { key, data, setStateValue } = now;
  const text = JSON.stringify([key, data.session, held.map(({ kind, number, session }) => [kind, number, session])]);
  if (text === told || (!held.length && !told)) return;
  told = text;
  setStateValue("held", held.map(({ file, ...known }) => known));
}

function take(kind, file) {
  const one = { kind, number: ++count, session: now.data.session, notes: null, file };
  held.push(one);
  report();
  // A reference breaks when the file on the disk changes or goes.
  if (file.size <= COPIED) file.arrayBuffer().then((bytes) => { one.file = new File([bytes], file.name, { type: file.type }); });
}

// What goes to one of the page's own uploaders, by the same rules by which Streamlit lets it through.

function chosen(place, files) {
  const box = Object.keys(GIVEN).find((name) => place.closest?.(`.${name}`));
  if (!box || !files?.length) return;
  const kind = GIVEN[box], file = files[0], input = document.querySelector(`.${box} input[type=file]`);
  const endings = input.accept.split(",").map((text) => text.trim().toLowerCase()).filter((text) => text.startsWith("."));
  const meant = !endings.length || endings.some((ending) => file.name.toLowerCase().endsWith(ending));
  if (meant && file.size <= now.data.most[kind]) take(kind, file);
}

document.addEventListener("change", ({ target }) => chosen(target, target.files), true);
document.addEventListener("drop", ({ target, dataTransfer }) => chosen(target, dataTransfer?.files), true);

// A shot of the webcam is a JPEG in the address of the picture that stands in its place.
new MutationObserver(() => {
  const shot = document.querySelector(`${CAMERA} img[src^="data:image/jpeg;base64,"]`);
  if (!shot || shot.kept === shot.src) return;
  shot.kept = shot.src;
  const bytes = Uint8Array.from(atob(shot.src.split(",")[1]), (c) => c.charCodeAt(0));
  take("photo", new File([bytes], "shot.jpg", { type: "image/jpeg" }));
}).observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ["src"] });

// A session that lacks a file shows an uploader for it, out of sight.

let looking = null;

function handIn() {
  clearTimeout(looking);
  const lacking = held.filter(({ session, number, given }) => session !== now.data.session && given !== now.data.session);
  for (const one of lacking) {
    const input = document.querySelector(`.st-key-handed_${one.kind}_${one.number} input[type=file]`);
    if (!input) continue;
    one.given = now.data.session;
    const carrier = new DataTransfer();
    carrier.items.add(one.file);
    input.files = carrier.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  }
  if (lacking.length) looking = setTimeout(handIn, 100);
}
