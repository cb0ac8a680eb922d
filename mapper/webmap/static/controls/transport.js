// Play, step, speed, loop: controls that only ever patch the store.
"use strict";
(function (M) {
  function createTransport(app) {
    const { $, el, fill } = M.dom;
    const { model, store, say } = app;
    let frame = 0;
    let before = 0;
    let carry = 0;

    function build() {
      fill($("unit"), ...M.store.UNITS.map((unit) => el("option", { value: unit }, say("unit." + unit))));
      fill($("speed"), ...M.store.SPEEDS.map((speed) => el("option", { value: String(speed) }, M.format.number(speed, app.locale()) + "×")));
      update();
    }

    function update() {
      const state = store.get();
      // Written only when they differ: a select lays itself out anew at each writing.
      if ($("unit").value !== state.unit) $("unit").value = state.unit;
      if ($("speed").value !== String(state.speed)) $("speed").value = String(state.speed);
      $("loop").setAttribute("aria-pressed", String(state.loop));
      $("range").setAttribute("aria-pressed", String(state.mode === "range"));
      $("tool-compare").setAttribute("aria-pressed", String(state.mode === "compare"));
      const single = model.first === model.last;
      for (const id of ["play", "prev", "next", "loop", "range"]) $(id).disabled = single;
      $("tool-compare").disabled = single;
      // At an end a step does nothing; its button keeps the focus it has.
      for (const [id, end] of [["prev", state.day <= model.first], ["next", state.day >= model.last]]) {
        if ($(id).getAttribute("aria-disabled") !== String(end)) $(id).setAttribute("aria-disabled", String(end));
      }
      $("play").classList.toggle("playing", state.playing);
      const label = say(state.playing ? "pause" : "play");
      $("play").setAttribute("aria-label", label);
      $("play").title = label;
    }

    function tick(stamp) {
      frame = 0;
      const state = store.get();
      if (!state.playing) return;
      const seconds = Math.min(0.25, (stamp - before) / 1000);
      before = stamp;
      const move = M.store.advance(carry, seconds, state, model);
      carry = move.carry;
      if (move.ended) store.set({ day: model.last, playing: false });
      else if (move.day !== state.day) store.set({ day: move.day });
      if (store.get().playing) frame = requestAnimationFrame(tick);
    }

    function run() {
      if (!store.get().playing || frame) return;
      carry = 0;
      before = performance.now();
      frame = requestAnimationFrame(tick);
    }

    function toggle() {
      const state = store.get();
      if (state.playing) {
        store.set({ playing: false });
        app.announce();
      } else store.set({ playing: true, day: state.day >= model.last ? model.first : state.day });
    }

    function step(direction) {
      const state = store.get();
      store.set({ day: M.store.step(state.day, state.unit, direction, model), playing: false });
      app.announce();
    }

    $("play").addEventListener("click", toggle);
    $("prev").addEventListener("click", () => step(-1));
    $("next").addEventListener("click", () => step(1));
    $("unit").addEventListener("change", (event) => store.set({ unit: event.target.value }));
    $("speed").addEventListener("change", (event) => store.set({ speed: Number(event.target.value) }));
    $("loop").addEventListener("click", () => store.set({ loop: !store.get().loop }));
    return { build, update, run, toggle, step };
  }

  M.transport = { createTransport };
})((globalThis.Mapper = globalThis.Mapper || {}));
