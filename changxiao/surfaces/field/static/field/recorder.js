// 录音录像: a clip of at most 15 seconds, taken, played again and deleted before anything is saved.
// It needs the microphone or the camera and nothing else; a video is silent unless one asks for sound.
const LONGEST = 15000;
const LARGEST = 12 * 1024 * 1024; // what the server takes is a little more
const MOST = 3;
const KINDS = {
  video: ["video/webm;codecs=vp8,opus", "video/webm", "video/mp4"],
  audio: ["audio/webm;codecs=opus", "audio/mp4", "audio/ogg;codecs=opus"],
};
const TYPES = ["video/webm", "video/mp4", "audio/webm", "audio/mp4", "audio/ogg"];
const find = (root, name) => root.querySelector(`[data-${name}]`);
const plain = (type) => type.split(";")[0].trim().toLowerCase();
let busy = null; // one recorder at a time, whichever card it is on

/** 录制器 on one [data-recorder]; `clips()` are the files to save, `clear()` forgets them. */
export function recorder(root) {
  const held = [];
  const template = find(root, "clip").content.firstElementChild;
  const able = typeof MediaRecorder === "function" && Boolean(navigator.mediaDevices?.getUserMedia);
  let running = null;

  function tell(words) {
    find(root, "clip-said").textContent = words;
  }

  function buttons() {
    for (const name of ["video", "voice"]) {
      find(root, name).hidden = Boolean(running) || !able;
      find(root, name).disabled = held.length >= MOST;
    }
    find(root, "with-sound").hidden = Boolean(running) || !able;
    find(root, "live").hidden = !running;
    find(root, "unable").hidden = able;
  }

  function draw() {
    find(root, "clips").replaceChildren(...held.map(line));
    buttons();
  }

  function line(clip) {
    const row = template.cloneNode(true);
    const player = document.createElement(clip.kind);
    Object.assign(player, { controls: true, preload: "auto", src: clip.url, ariaLabel: clip.title });
    if (clip.kind === "video") player.playsInline = true;
    find(row, "player").replaceWith(player);
    find(row, "told").textContent = `${clip.title} · ${(clip.file.size / 1024).toFixed(0)} kB`;
    find(row, "clip-drop").addEventListener("click", () => {
      URL.revokeObjectURL(clip.url);
      held.splice(held.indexOf(clip), 1);
      draw();
      find(root, clip.kind === "video" ? "video" : "voice").focus();
    });
    return row;
  }

  async function start(kind) {
    if (busy) return;
    busy = root;
    tell("");
    try {
      const sound = kind === "audio" || find(root, "with-sound").querySelector("input").checked;
      const picture = { facingMode: "environment", width: { ideal: 960 }, height: { ideal: 720 }, frameRate: { ideal: 20, max: 30 } };
      const stream = await navigator.mediaDevices.getUserMedia({ audio: sound, video: kind === "video" ? picture : false });
      record(stream, kind);
    } catch (no) {
      busy = null;
      tell(no.name === "NotAllowedError" ? root.dataset.saidDenied : root.dataset.saidLacking);
    }
  }

  function record(stream, kind) {
    const mimeType = KINDS[kind].find((one) => MediaRecorder.isTypeSupported(one));
    const options = { videoBitsPerSecond: 2000000, audioBitsPerSecond: 48000, ...(mimeType ? { mimeType } : {}) };
    const machine = new MediaRecorder(stream, options);
    const parts = [];
    let size = 0;
    const begun = performance.now();
    const stop = () => machine.state !== "inactive" && machine.stop();
    const ticking = setInterval(() => {
      const left = LONGEST - (performance.now() - begun);
      count(left);
      if (left <= 0) stop();
    }, 100);
    machine.ondataavailable = ({ data }) => {
      size += data.size;
      if (data.size) parts.push(data);
      if (size > LARGEST) stop();
    };
    machine.onstop = () => {
      clearInterval(ticking);
      for (const track of stream.getTracks()) track.stop();
      find(root, "preview").srcObject = null;
      [running, busy] = [null, null];
      keep(new Blob(parts, { type: plain(machine.mimeType || parts[0]?.type || "") }), kind, performance.now() - begun);
    };
    running = stop;
    find(root, "preview").hidden = kind !== "video";
    if (kind === "video") find(root, "preview").srcObject = stream;
    count(LONGEST);
    buttons();
    find(root, "stop").focus();
    machine.start(1000);
  }

  function count(left) {
    const seconds = Math.max(0, Math.ceil(left / 1000));
    find(root, "countdown").textContent = root.dataset.saidLeft.replace("{n}", String(seconds));
    find(root, "countdown").dataset.state = seconds <= 5 ? "near" : "on-track";
    find(root, "bar").value = Math.max(0, left) / LONGEST;
  }

  function keep(blob, kind, lasted) {
    if (!blob.size || !TYPES.includes(blob.type)) tell(root.dataset.saidLacking);
    else {
      const seconds = Math.max(1, Math.min(15, Math.round(lasted / 1000)));
      const words = kind === "video" ? root.dataset.saidVideo : root.dataset.saidVoice;
      const file = new File([blob], "clip", { type: blob.type });
      held.push({ kind, file, url: URL.createObjectURL(blob), title: words.replace("{n}", String(seconds)) });
    }
    draw();
  }

  find(root, "video").addEventListener("click", () => start("video"));
  find(root, "voice").addEventListener("click", () => start("audio"));
  find(root, "stop").addEventListener("click", () => running?.());
  buttons();
  return {
    running: () => Boolean(running),
    clips: () => held.map(({ file }) => file),
    clear() {
      for (const { url } of held.splice(0)) URL.revokeObjectURL(url);
      tell("");
      draw();
    },
  };
}
