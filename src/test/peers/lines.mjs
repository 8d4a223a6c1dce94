// What the scripts of both clients share: lines for the test, and waiting for what arrives.

/** A line that the test waits for; the last one is the result. */
export const say = (what, value) => console.log(`${what} ${JSON.stringify(value ?? null)}`);

/** Resolves when the condition holds; looks again at each `poke`. */
export class Bell {
  #waiting = [];
  poke() {
    this.#waiting = this.#waiting.filter(([condition, resolve]) => !(condition() && (resolve(), true)));
  }
  until(what, condition, millis = 15000) {
    if (condition()) return Promise.resolve();
    return new Promise((resolve, reject) => {
      this.#waiting.push([condition, resolve]);
      setTimeout(() => reject(new Error(`not within ${millis} ms: ${what}`)), millis).unref();
    });
  }
}

export const textOf = result => result.content[0].text;
