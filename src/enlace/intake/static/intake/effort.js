// The small puzzle in place of a picture to decipher: a number whose SHA-256 with the challenge begins with zero bits.
// Written out because a browser gives its own SHA-256 only to pages with https, and an onion address has none.
"use strict";
(() => {
  const box = document.querySelector("[data-effort]");
  if (!box) return;
  const form = box.closest("form");
  const plain = box.querySelector("[data-plain]");
  const working = box.querySelector("[data-working]");
  const solution = box.querySelector("[name=solution]");
  const bits = Number(box.dataset.bits);
  const SLICE = 2000; // tries between two looks at what the person does

  const K = [];
  const START = [];
  for (let n = 2; K.length < 64; n += 1) {
    let prime = true;
    for (let d = 2; d * d <= n; d += 1) if (n % d === 0) prime = false;
    if (!prime) continue;
    if (START.length < 8) START.push((Math.sqrt(n) * 2 ** 32) | 0);
    K.push((Math.cbrt(n) * 2 ** 32) | 0);
  }

  const words = new Int32Array(64);
  const sha256 = (bytes) => {
    const length = ((bytes.length + 8) >> 6) * 64 + 64;
    const padded = new Uint8Array(length);
    padded.set(bytes);
    padded[bytes.length] = 0x80;
    new DataView(padded.buffer).setUint32(length - 4, bytes.length * 8);
    const view = new DataView(padded.buffer);
    const state = START.slice();
    const turn = (x, n) => (x >>> n) | (x << (32 - n));
    for (let block = 0; block < length; block += 64) {
      for (let i = 0; i < 16; i += 1) words[i] = view.getInt32(block + i * 4);
      for (let i = 16; i < 64; i += 1) {
        const a = words[i - 15];
        const b = words[i - 2];
        const s0 = turn(a, 7) ^ turn(a, 18) ^ (a >>> 3);
        const s1 = turn(b, 17) ^ turn(b, 19) ^ (b >>> 10);
        words[i] = (words[i - 16] + s0 + words[i - 7] + s1) | 0;
      }
      let [a, b, c, d, e, f, g, h] = state;
      for (let i = 0; i < 64; i += 1) {
        const t1 = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + K[i] + words[i]) | 0;
        const t2 = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
        h = g; g = f; f = e; e = (d + t1) | 0; d = c; c = b; b = a; a = (t1 + t2) | 0;
      }
      [a, b, c, d, e, f, g, h].forEach((value, i) => { state[i] = (state[i] + value) | 0; });
    }
    return state;
  };

  const encoder = new TextEncoder();
  const fits = (number) => sha256(encoder.encode(`${box.dataset.challenge}:${number}`))[0] >>> (32 - bits) === 0;

  let waiting = null; // the button that was pressed before the answer was there
  const solve = (from) => {
    for (let number = from; number < from + SLICE; number += 1) {
      if (!fits(number)) continue;
      solution.value = String(number);
      working.hidden = true;
      if (waiting) form.requestSubmit(waiting);
      return;
    }
    setTimeout(() => solve(from + SLICE), 0);
  };

  plain.hidden = true;
  form.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (solution.value || (button && button.name)) return; // going back or changing an answer costs nothing
    event.preventDefault();
    waiting = button;
    working.hidden = false;
  });
  solve(0);
})();
