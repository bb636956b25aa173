// codec.js gives the numbers of dark_core/codec/reference.py: node --test tests/components/codec.test.mjs
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { runInNewContext } from "node:vm";

const file = (path) => readFileSync(new URL(path, import.meta.url), "utf8");
const codec = runInNewContext(`${file("../../assets/components/codec.js")}
  ({ encode, smooth, readAll })`);
const golden = JSON.parse(file("../codec/golden.json"));

function close(got, expected, what) {
  assert.equal(got.length, expected.length, what);
  for (let i = 0; i < expected.length; i++) {
    assert.ok(Math.abs(got[i] - expected[i]) <= 1e-9, `${what}[${i}] is ${got[i]}, expected ${expected[i]}`);
  }
}

for (const { size: [w, h], sigma, joint, encoding, heatmap } of golden.encode) {
  test(`encode draws the ${encoding} target`, () => {
    close(codec.encode(joint, w, h, sigma, encoding).v, heatmap, "heatmap");
  });
}

for (const [k, { size: [w, h], sigma, heatmap, ...expected }] of golden.decode.entries()) {
  const map = { w, h, v: Float64Array.from(heatmap) };

  test(`smooth convolves heatmap ${k} with sigma ${sigma}`, () => {
    close(codec.smooth(map, sigma).v, expected.smoothed, "smoothed");
  });

  test(`readAll decodes heatmap ${k}, and DARK goes through the same steps`, () => {
    const { landings, peak, step, reason } = codec.readAll(map, sigma);
    assert.equal(reason, 0);
    for (const [decoder, xy] of Object.entries(expected.positions)) close(landings[decoder], xy, decoder);
    close(peak, expected.peak, "peak");
    close(step.gradient, expected.gradient, "gradient");
    const [xx, xy, yy] = step.hessian;
    close([xx, xy, xy, yy], expected.hessian, "hessian");
  });
}
