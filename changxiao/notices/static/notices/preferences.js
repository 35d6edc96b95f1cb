// 我的通知: what belongs to this browser and not to the person: the sound, and the push.
import { bindSwitch } from "../cases/bell.js";

const box = document.querySelector("[data-push]");
const part = (name) => box.querySelector(`[data-${name}]`);
const token = () => document.querySelector("[name=csrfmiddlewaretoken]").value;

function bytes(text) {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (sign) => sign.charCodeAt(0));
}

async function tell(subscription, on) {
  const answer = await fetch(box.dataset.url, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": token() },
    body: JSON.stringify({ ...subscription.toJSON(), on }),
  });
  if (!answer.ok) throw new Error((await answer.json()).sentence ?? box.dataset.failed);
}

function draw(on, said) {
  const denied = Notification.permission === "denied";
  part("subscribe").hidden = on || denied;
  part("unsubscribe").hidden = !on;
  part("said").textContent = said ?? box.dataset[denied ? "denied" : on ? "on" : "off"];
}

// Its scope is not this page's, so `ready` would wait for ever.
async function active({ installing, waiting }) {
  const coming = installing ?? waiting;
  if (!coming) return;
  await new Promise((done) => coming.addEventListener("statechange", () => coming.state === "activated" && done()));
}

async function subscribe() {
  try {
    if (await Notification.requestPermission() !== "granted") return draw(false);
    const at = await navigator.serviceWorker.register(box.dataset.worker);
    await active(at);
    const made = await at.pushManager.subscribe({
      userVisibleOnly: true,
      applicationServerKey: bytes(box.dataset.push),
    });
    await tell(made, true);
    draw(true);
  } catch (wrong) {
    draw(false, wrong.message || box.dataset.failed);
  }
}

async function unsubscribe(made) {
  await tell(made, false).catch(() => null);
  await made.unsubscribe();
  draw(false);
}

async function begin() {
  const at = await navigator.serviceWorker.getRegistration(box.dataset.worker);
  const made = await at?.pushManager.getSubscription();
  box.hidden = false;
  draw(Boolean(made));
  part("subscribe").addEventListener("click", subscribe);
  part("unsubscribe").addEventListener("click", async () => {
    const now = await navigator.serviceWorker.getRegistration(box.dataset.worker);
    const held = await now?.pushManager.getSubscription();
    if (held) await unsubscribe(held);
  });
}

bindSwitch(document.querySelector("[data-sound]"));
if (box && "PushManager" in window && "serviceWorker" in navigator) begin();
