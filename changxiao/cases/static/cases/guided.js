// 对照拍照: a live preview with the photo before lying over it, and a queue that sends each photo
// by the hash of its content: sent again after a break, it is the same photo.
const guide = document.querySelector("[data-guide]");
const form = guide?.closest("form");
const find = (name, root = guide) => root.querySelector(`[data-${name}]`);
const SIDE = 2560; // the longest side that is kept anyway
const shots = new Set();
let stream = null;
let place = "";

const hex = (bytes) => [...new Uint8Array(bytes)].map((b) => b.toString(16).padStart(2, "0")).join("");

// -- where the browser is, asked once when the camera is first wanted -----------------------------
const locate = () =>
  navigator.geolocation?.getCurrentPosition(
    ({ coords }) => {
      const [lon, lat] = [coords.longitude.toFixed(7), coords.latitude.toFixed(7)];
      place = `@${lon},${lat},${Math.min(Math.round(coords.accuracy), 999999)}`;
    },
    () => {},
    { enableHighAccuracy: true, maximumAge: 30000, timeout: 15000 },
  );

// -- the queue --------------------------------------------------------------------------------------
class Shot {
  constructor(blob, kept = "") {
    this.blob = blob;
    this.kept = kept;
    this.tile = find("tile").content.cloneNode(true).firstElementChild;
    this.image = this.tile.querySelector("img");
    this.image.hidden = !blob;
    this.tile.querySelector(".guide-kept").hidden = Boolean(blob);
    if (blob) this.image.src = URL.createObjectURL(blob);
    find("retry", this.tile).addEventListener("click", () => this.send());
    find("retake", this.tile).addEventListener("click", () => this.retake());
    find("queue").append(this.tile);
    shots.add(this);
    this.tell(kept ? "done" : "waiting", kept ? 100 : 0);
  }

  tell(state, percent, sentence = "") {
    this.state = state;
    const words = this.tile.querySelector(".guide-state");
    words.textContent = sentence || words.dataset[state];
    this.tile.querySelector("progress").value = percent;
    find("retry", this.tile).hidden = state !== "failed";
    remember();
  }

  async send() {
    if (this.state === "sending" || this.state === "done") return;
    this.tell("sending", 0);
    const where = place;
    const sha256 = hex(await crypto.subtle.digest("SHA-256", await this.blob.arrayBuffer()));
    const request = new XMLHttpRequest();
    request.open("PUT", guide.dataset.upload.replace("0".repeat(64), sha256));
    request.setRequestHeader("Content-Type", this.blob.type || "image/jpeg");
    request.setRequestHeader("X-CSRFToken", form.elements.csrfmiddlewaretoken.value);
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) this.tell("sending", Math.round((event.loaded / event.total) * 95));
    });
    request.addEventListener("load", () => {
      if (request.status === 200) {
        this.kept = `${guide.dataset.role}:${sha256}${where}`;
        return this.tell("done", 100);
      }
      let sentence = "";
      try {
        sentence = JSON.parse(request.responseText).sentence;
      } catch {
        // Some other page answered: the general word does.
      }
      this.tell("failed", 0, sentence);
    });
    request.addEventListener("error", () => this.tell("failed", 0));
    request.send(this.blob);
  }

  retake() {
    shots.delete(this);
    this.tile.remove();
    if (this.blob) URL.revokeObjectURL(this.image.src);
    remember();
    openCamera();
  }
}

// What was uploaded is named again after a reload; what was not is still on the phone's camera roll.
function remember() {
  for (const field of form.querySelectorAll("input[data-shot]")) field.remove();
  const kept = [...shots].map((shot) => shot.kept).filter(Boolean);
  for (const value of kept) {
    const field = Object.assign(document.createElement("input"), { type: "hidden", name: "kept", value });
    field.dataset.shot = "";
    form.append(field);
  }
  sessionStorage.setItem(guide.dataset.store, JSON.stringify(kept));
  if (waiting && !pending().length) form.requestSubmit();
}

const pending = () => [...shots].filter((shot) => ["waiting", "sending"].includes(shot.state));
let waiting = false;

function take(blob) {
  new Shot(blob).send();
}

// -- the camera -------------------------------------------------------------------------------------
async function openCamera() {
  locate();
  try {
    const wanted = { facingMode: "environment", width: { ideal: SIDE }, height: { ideal: 1920 } };
    stream = await navigator.mediaDevices.getUserMedia({ video: wanted, audio: false });
  } catch {
    // No camera, or not allowed to: the system's own takes the photo.
    find("camera-off").hidden = false;
    find("file").click();
    return;
  }
  const video = find("video");
  video.srcObject = stream;
  const chosen = guide.querySelector('[data-before][aria-pressed="true"] img');
  if (find("ghost") && chosen) find("ghost").src = chosen.src;
  find("shoot").disabled = true; // until there is a picture to take
  find("camera").showModal();
  await video.play();
  find("shoot").disabled = false;
}

function closeCamera() {
  for (const track of stream?.getTracks() ?? []) track.stop();
  stream = null;
  if (find("camera").open) find("camera").close();
}

function shoot() {
  const video = find("video");
  const scale = Math.min(1, SIDE / Math.max(video.videoWidth, video.videoHeight));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(video.videoWidth * scale);
  canvas.height = Math.round(video.videoHeight * scale);
  canvas.getContext("2d").drawImage(video, 0, 0, canvas.width, canvas.height);
  canvas.toBlob((blob) => blob && take(blob), "image/jpeg", 0.9);
  closeCamera();
}

function start() {
  guide.hidden = false;
  form.classList.add("guide-on");
  for (const value of JSON.parse(sessionStorage.getItem(guide.dataset.store) ?? "[]")) new Shot(null, value);
  // The page repeats those that it kept itself: the queue shows them with their pictures' state.
  form.querySelector("fieldset.kept")?.remove();
  find("open-camera").addEventListener("click", openCamera);
  find("close").addEventListener("click", closeCamera);
  find("camera").addEventListener("close", closeCamera);
  find("shoot").addEventListener("click", shoot);
  find("fade")?.addEventListener("input", (event) => {
    find("ghost").style.opacity = event.target.value / 100;
  });
  find("beside")?.addEventListener("click", ({ currentTarget }) => {
    const beside = find("view").classList.toggle("beside");
    currentTarget.setAttribute("aria-pressed", String(beside));
  });
  find("file").addEventListener("change", (event) => {
    locate();
    for (const file of event.target.files) take(file);
    event.target.value = "";
  });
  guide.addEventListener("click", ({ target }) => {
    const picked = target.closest("[data-before]");
    if (!picked) return;
    for (const one of guide.querySelectorAll("[data-before]")) one.setAttribute("aria-pressed", String(one === picked));
  });
  window.addEventListener("online", () => [...shots].filter((s) => s.state === "failed").forEach((s) => s.send()));
  form.addEventListener("submit", (event) => {
    if (pending().length) {
      event.preventDefault();
      event.stopPropagation();
      waiting = true;
      find("wait").hidden = false;
    }
  });
}

// Without a secure address there is neither a camera nor a hash: the plain form stays.
if (guide && globalThis.crypto?.subtle) start();
