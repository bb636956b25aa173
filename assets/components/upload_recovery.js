// Keeps in this tab what the visitor gave to the page, and hands it to another process when the one that had it is gone.
// It is kept in memory: who reloads or closes the tab has taken it away. Files have numbers, which the tab counts.
//
// Stands on the page twice. As a whole: data: session (the server's name for it), seen {kind: number of the last file that
// the session looked at}, kept {kind: of the one it holds, 0 for none}, notes {kind: what else it holds of that one}, most
// {kind: bytes of a file}. State: held, what the tab holds once a dropped connection stands again, [{kind, number, session
// that it was given to, notes}]; with it the page is run, for a process that has never run it would not hear the next act.
// As a part that is run alone: no data. State: chosen {kind, number}, the file on its way.

const GIVEN = { "st-key-upload": "photo", "st-key-maps_file": "maps", "st-key-tracks_file": "tracks", "st-key-video": "video" };
const SHOT = '.st-key-camera img[src^="data:image/jpeg;base64,"]';
const COPIED = 2 ** 25; // bytes: a file up to here is kept itself, a larger one as the browser's reference to it

let held = []; // oldest first: {kind, number, session, notes, file}
let count = 0;
let whole = null, part = null; // the arguments of the last calls
let stood = true, watched = null, looking = null;
let met = null, since = 0, told = null; // the session met last, and when; the one that was told of what it may not know

export default function (component) {
  if (!component.data.session) {
    part = component;
    return;
  }
  whole = component;
  const { session, seen, kept, notes } = component.data;
  if (session !== met) [met, since] = [session, performance.now()];
  for (const one of held) {
    if (one.number === kept[one.kind]) [one.notes, one.session] = [notes[one.kind], session];
  }
  held = held.filter(({ kind, number }) => number === kept[kind] || number > seen[kind]);
  watch();
  handIn();
}

// The connection

function watch() {
  const app = document.querySelector("[data-testid=stApp]");
  if (!app || app === watched) return;
  watched = app;
  new MutationObserver(() => {
    const stands = app.dataset.testConnectionState === "CONNECTED";
    if (stands && !stood) tell();
    stood = stands;
  }).observe(app, { attributeFilter: ["data-test-connection-state"] });
}

const tell = () => whole.setStateValue("held", held.map(({ file, ...known }) => known));

// What goes to the page's own uploaders, by the same rules by which Streamlit lets it through

function chosen(place, files) {
  const box = Object.keys(GIVEN).find((name) => place.closest?.(`.${name}`));
  if (!box || !files?.length) return;
  const kind = GIVEN[box], file = files[0], input = document.querySelector(`.${box} input[type=file]`);
  const endings = input.accept.split(",").map((text) => text.trim().toLowerCase()).filter((text) => text.startsWith("."));
  const meant = !endings.length || endings.some((ending) => file.name.toLowerCase().endsWith(ending));
  if (meant && file.size <= whole.data.most[kind]) take(kind, file);
}

function take(kind, file) {
  const one = { kind, number: ++count, session: whole.data.session, notes: null, file };
  held.push(one);
  part.setStateValue("chosen", { kind, number: one.number });
  // A reference breaks when the file on the disk changes or goes.
  if (file.size <= COPIED) file.arrayBuffer().then((bytes) => { one.file = new File([bytes], file.name, { type: file.type }); });
}

document.addEventListener("change", ({ target }) => chosen(target, target.files), true);
document.addEventListener("drop", ({ target, dataTransfer }) => chosen(target, dataTransfer?.files), true);

// A shot of the webcam is a JPEG in the address of the picture that stands in its place.
new MutationObserver(() => {
  const shot = document.querySelector(SHOT);
  if (!shot || shot.kept === shot.src) return;
  shot.kept = shot.src;
  const bytes = Uint8Array.from(atob(shot.src.split(",")[1]), (c) => c.charCodeAt(0));
  take("photo", new File([bytes], "shot.jpg", { type: "image/jpeg" }));
}).observe(document.body, { subtree: true, childList: true, attributeFilter: ["src"] });

// A session that lacks a file shows an uploader for it, out of sight, until it has it. What breaks off is tried again.

function handIn() {
  clearTimeout(looking);
  const { session } = whole.data, lacking = held.filter((one) => one.session !== session);
  // It was said to the page before this one, when that process died between the two: it does not ask for anything.
  const asked = document.querySelector("[class*=st-key-handed_]");
  if (lacking.length && !asked && told !== session && performance.now() - since > 500) {
    told = session;
    tell();
  }
  for (const { kind, number, file } of lacking) {
    const uploader = document.querySelector(`.st-key-handed_${kind}_${number}`);
    const input = uploader?.querySelector("input[type=file]");
    if (!input) continue;
    const failed = uploader.querySelectorAll("[role=alert]").length;
    if (uploader.session !== session) [uploader.session, uploader.tries] = [session, failed];
    if (failed < uploader.tries) continue; // it is on its way, or has arrived
    uploader.tries += 1;
    const carrier = new DataTransfer();
    carrier.items.add(file);
    input.files = carrier.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  }
  if (lacking.length) looking = setTimeout(handIn, 300);
}
