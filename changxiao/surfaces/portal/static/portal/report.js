// The report form: photos, place, kind and what is known nearby, while the phone solves its challenge.
import { keep, kept } from "./drafts.js";
import { put } from "./where.js";
import { asker } from "../catalog/asked.js";

document.documentElement.dataset.scripted = "";
const form = document.getElementById("report");
const find = (name, root = form) => root.querySelector(`[data-${name}]`);
const TYPES = ["image/jpeg", "image/png", "image/webp"];
const WORDS = ["description", "address", "kind_other", "reporter_name", "reporter_phone"];
const kind = () => form.querySelector("[name=kind]:checked")?.value ?? "";
let photos = [];

// -- what the chosen kind asks besides ------------------------------------------------------------------
const questions = JSON.parse(document.getElementById("asked-definitions").textContent);
const asked = asker(find("asked"));
let held = {}; // answers of all kinds that were chosen: whoever changes his mind twice finds them
for (const [name, value] of new FormData(form)) {
  if (name.startsWith("answer_") && value) (held[name.slice(7)] ??= []).push(value); // of a refused form
}
const drawn = () => form.elements.kind_other.value || kind();
function ask() {
  held = { ...held, ...asked.held() };
  asked.draw(questions[drawn()], held);
}
form.addEventListener("change", ({ target }) => ["kind", "kind_other"].includes(target.name) && ask());

// -- the challenge is solved while he writes ------------------------------------------------------------
let solving;
function solve(challenge) {
  form.elements.work.value = "";
  solving = new Promise((done) => {
    const worker = new Worker(form.dataset.worker);
    worker.addEventListener("error", () => done()); // then the slow limit holds
    worker.addEventListener("message", ({ data }) => {
      form.elements.work.value = data;
      worker.terminate();
      done();
    });
    worker.postMessage(challenge);
  });
}

// -- photos -----------------------------------------------------------------------------------------------
const camera = document.getElementById("camera");
const album = document.getElementById("album");

// A picture that the city cannot read (HEIC) or that is too large is drawn anew by the browser.
async function readable(file) {
  if (TYPES.includes(file.type) && file.size < 12_000_000) return file;
  const picture = await createImageBitmap(file);
  const scale = Math.min(1, 2560 / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [picture.width * scale, picture.height * scale];
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.9));
  return new File([blob], "photo.jpg", { type: "image/jpeg" });
}

// The file fields hold what will be sent, so that the plain form sends it.
function show() {
  const held = new DataTransfer();
  for (const file of photos) held.items.add(file);
  album.files = held.files;
  camera.value = "";
  const tiles = photos.map((file) => {
    const tile = find("tile").content.cloneNode(true).firstElementChild;
    tile.querySelector("img").src = URL.createObjectURL(file);
    tile.querySelector("button").addEventListener("click", () => {
      photos = photos.filter((one) => one !== file);
      show();
      save();
    });
    return tile;
  });
  find("tiles").replaceChildren(...tiles);
}

async function took(event) {
  const added = [...event.target.files].filter((file) => event.target === camera || !photos.includes(file));
  try {
    photos = [...photos, ...(await Promise.all(added.map(readable)))].slice(0, 9);
  } catch {
    photos = [...photos, ...added.filter((file) => TYPES.includes(file.type))];
  }
  show();
  save();
}
camera.addEventListener("change", took);
album.addEventListener("change", took);

// -- the draft --------------------------------------------------------------------------------------------
function save() {
  const told = Object.fromEntries(WORDS.map((name) => [name, form.elements[name].value]));
  const { lon, lat, crs } = form.elements;
  keep({ told, kind: kind(), answers: { ...held, ...asked.held() }, place: { lon: lon.value, lat: lat.value, crs: crs.value }, photos });
}
form.addEventListener("input", save);
form.addEventListener("change", save);

async function restore() {
  const draft = await kept();
  if (!draft) return;
  if (!find("refused", document)) {
    for (const name of WORDS) form.elements[name].value ||= draft.told[name] ?? "";
    const chip = !kind() && form.querySelector(`[name=kind][value="${CSS.escape(draft.kind)}"]`);
    if (chip) chip.checked = true;
    held = { ...draft.answers, ...held };
    if (draft.place.lon && !form.elements.lon.value) put(draft.place);
  }
  // What the city has of a refused form stands as a box; the others are still here.
  if (!form.querySelector("[name=kept]")) photos = draft.photos;
  show();
  ask();
}

// -- the same? ----------------------------------------------------------------------------------------------
// Without a network nothing is suggested, and nothing is in the way.
const helped = (url) => (navigator.onLine ? fetch(url).catch(() => null) : null);
let asking;
function like() {
  clearTimeout(asking);
  asking = setTimeout(async () => {
    const { lon, lat, crs } = form.elements;
    const here = find("like-here", document);
    if (!lon.value) return here.replaceChildren();
    const query = new URLSearchParams({ lon: lon.value, lat: lat.value, crs: crs.value, kind: kind() });
    const answer = await helped(`${form.dataset.like}?${query}`);
    if (answer?.ok) here.innerHTML = await answer.text();
  }, 300);
}
form.addEventListener("change", like);

let naming;
form.elements.description.addEventListener("input", ({ target }) => {
  clearTimeout(naming);
  naming = setTimeout(async () => {
    const answer = await helped(`${form.dataset.kinds}?${new URLSearchParams({ words: target.value })}`);
    if (!answer?.ok) return;
    const chips = find("chips");
    for (const { key, words } of (await answer.json()).kinds) {
      if (chips.querySelector(`[value="${CSS.escape(key)}"]`)) continue;
      const chip = chips.firstElementChild.cloneNode(true);
      chip.querySelector("span").textContent = words;
      Object.assign(chip.querySelector("input"), { value: key, checked: false });
      chips.prepend(chip);
    }
  }, 400);
});

// -- sending --------------------------------------------------------------------------------------------------
const line = () => (find("offline", document).hidden = navigator.onLine);
window.addEventListener("online", line);
window.addEventListener("offline", line);
line();

let sent = false;
form.addEventListener("submit", async (event) => {
  if (!navigator.onLine || sent) return event.preventDefault();
  const lacking = event.submitter?.name === "into" ? "" : asked.lacking();
  find("asked-said").textContent = lacking;
  if (lacking) return event.preventDefault();
  const words = find("send").querySelector("span");
  sent = true;
  find("send").setAttribute("aria-disabled", "true");
  [words.dataset.before, words.textContent] = [words.textContent, words.dataset.sending];
  if (form.elements.work.value) return undefined;
  event.preventDefault();
  await solving;
  sent = false;
  return form.requestSubmit(event.submitter);
});
// Back from the receipt: the form may be sent again, and would give the same receipt.
window.addEventListener("pageshow", ({ persisted }) => {
  if (persisted) window.location.reload();
});

find("refused", document)?.focus();
solve(form.dataset.work);
setInterval(async () => solve((await (await fetch(form.dataset.workUrl)).json()).work), 45 * 60_000);
restore().then(like);
