// A worker that solves a challenge: a number whose SHA-256 of "challenge.number" begins with so many
// zero bits. By hand and not by crypto.subtle: that has a wait in each call, and needs https.
const K = new Uint32Array(64);
const START = new Uint32Array(8);
{
  const fraction = (x) => ((x - Math.floor(x)) * 2 ** 32) >>> 0;
  let prime = 2;
  for (let n = 0; n < 64; prime += 1) {
    let whole = true;
    for (let d = 2; d * d <= prime; d += 1) if (prime % d === 0) whole = false;
    if (!whole) continue;
    if (n < 8) START[n] = fraction(Math.sqrt(prime));
    K[n] = fraction(Math.cbrt(prime));
    n += 1;
  }
}
const W = new Uint32Array(64);
const turn = (x, n) => (x >>> n) | (x << (32 - n));

function round(state, block) {
  for (let i = 0; i < 16; i += 1) W[i] = block.getUint32(i * 4);
  for (let i = 16; i < 64; i += 1) {
    const a = W[i - 15];
    const b = W[i - 2];
    W[i] = W[i - 16] + (turn(a, 7) ^ turn(a, 18) ^ (a >>> 3)) + W[i - 7] + (turn(b, 17) ^ turn(b, 19) ^ (b >>> 10));
  }
  let [a, b, c, d, e, f, g, h] = state;
  for (let i = 0; i < 64; i += 1) {
    const one = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + K[i] + W[i]) | 0;
    const two = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + one) | 0, c, b, a, (one + two) | 0];
  }
  const added = [a, b, c, d, e, f, g, h];
  for (let i = 0; i < 8; i += 1) state[i] += added[i];
}

// What is whole before the number is hashed once; each try hashes the rest.
function solve(challenge) {
  const bits = Number(challenge.split("-")[1]);
  const head = new TextEncoder().encode(`${challenge}.`);
  const whole = head.length - (head.length % 64);
  const before = START.slice();
  for (let at = 0; at < whole; at += 64) round(before, new DataView(head.buffer, at, 64));
  const rest = head.subarray(whole);
  const tail = new Uint8Array(128);
  for (let number = 0; ; number += 1) {
    const digits = String(number);
    tail.fill(0);
    tail.set(rest);
    for (let i = 0; i < digits.length; i += 1) tail[rest.length + i] = digits.charCodeAt(i);
    const length = rest.length + digits.length;
    tail[length] = 128;
    const blocks = length + 9 > 64 ? 2 : 1;
    new DataView(tail.buffer).setUint32(blocks * 64 - 4, (head.length + digits.length) * 8);
    const state = before.slice();
    for (let n = 0; n < blocks; n += 1) round(state, new DataView(tail.buffer, n * 64, 64));
    if (bits === 0 || state[0] >>> (32 - Math.min(bits, 31)) === 0) return `${challenge}.${number}`;
  }
}

self.addEventListener("message", ({ data }) => self.postMessage(solve(data)));
