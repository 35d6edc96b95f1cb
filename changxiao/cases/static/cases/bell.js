// 提醒: a number in the window's title, and a sound where its reader switched it on in this browser.
const STORE = "cx-sound";
const TONES = { new: [660], near: [660, 520], urgent: [880, 660, 880] };
const title = document.title;
let sounds;
let unseen = 0;
let waiting = 0;
let unread = 0;

function write() {
  const count = waiting + unseen + unread;
  document.title = count ? `(${count}) ${title}` : title;
}

function play(kind) {
  sounds ??= new AudioContext();
  TONES[kind].forEach((pitch, n) => {
    const tone = new OscillatorNode(sounds, { frequency: pitch });
    const loud = new GainNode(sounds, { gain: 0.08 });
    const begin = sounds.currentTime + n * 0.16;
    tone.connect(loud).connect(sounds.destination);
    tone.start(begin);
    tone.stop(begin + 0.12);
  });
}

// Messages that nobody has opened.
export function tell(count) {
  unread = count;
  write();
}

export function wait(count) {
  waiting = count;
  write();
}

// Of several at once the most pressing is heard, once.
export function ring(kinds) {
  const kind = ["urgent", "near", "new"].find((one) => kinds.includes(one));
  if (!kind) return;
  if (document.hidden) unseen += kinds.filter((one) => one === "near").length;
  write();
  if (localStorage.getItem(STORE) === "on") play(kind);
}

export function bindSwitch(box) {
  box.checked = localStorage.getItem(STORE) === "on";
  box.addEventListener("change", () => {
    localStorage.setItem(STORE, box.checked ? "on" : "off");
    if (box.checked) play("new");
  });
}

document.addEventListener("visibilitychange", () => {
  if (document.hidden) return;
  unseen = 0;
  write();
});
