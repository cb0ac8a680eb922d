// Colours: the themes, shades of an actor's colour, and every distinct look on a map.
"use strict";
(function (M) {
  const THEMES = {
    light: { paper: "#f5f0e6", far: "#e6e0d3", sea: "#cbd7db", ink: "#241f19", line: "#94877a", province: "#d5cbbb", river: "#7fa3b3", halo: "#faf7f0", grey: "#857d73" },
    dark: { paper: "#2e2c29", far: "#232220", sea: "#171b1e", ink: "#ece6da", line: "#857b6f", province: "#3c3934", river: "#4d7587", halo: "#1c1b19", grey: "#8d867c" },
  };
  const TONES = [0.94, 0.74, 0.48]; // how much of the actor's colour: stated; presumed or implied; inferred or stale
  const FADES = [0.4, 0.6, 0.8, 1]; // over the days in which a change may already have happened

  function rgb(hex) {
    const text = /^#([0-9a-f]{3}|[0-9a-f]{6})$/i.test(hex) ? hex.slice(1) : "777777";
    const full = text.length === 3 ? text.replace(/./g, "$&$&") : text;
    return [0, 2, 4].map((i) => parseInt(full.slice(i, i + 2), 16));
  }

  function hex(channels) {
    return "#" + channels.map((c) => Math.max(0, Math.min(255, Math.round(c))).toString(16).padStart(2, "0")).join("");
  }

  function linear(c) {
    const v = c / 255;
    return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  }

  function luminance(colour) {
    const [r, g, b] = rgb(colour).map(linear);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  }

  function contrast(a, b) {
    const [x, y] = [luminance(a), luminance(b)];
    return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
  }

  function mix(a, b, share) {
    const [x, y] = [rgb(a), rgb(b)];
    return hex(x.map((v, i) => v + (y[i] - v) * share));
  }

  // The colour moved away from the ground, hue kept, until it has the wanted contrast.
  function against(colour, ground, wanted) {
    const toward = luminance(ground) > 0.18 ? "#000000" : "#ffffff";
    for (let share = 0; share < 1; share += 0.04) {
      const candidate = mix(colour, toward, share);
      if (contrast(candidate, ground) >= wanted) return candidate;
    }
    return toward;
  }

  // Who is drawn in which colour is chosen in mapper.colours, for every theme.
  function coloursOf(actors, theme) {
    return actors.map((actor) => actor.colours[theme]);
  }

  // Every distinct look on the map: number 0 is bare ground. look(state, zone, fade) gives the number.
  function createLooks(states) {
    const looks = [null];
    const numbers = new Map();
    const table = new Int32Array(states.length * 8);
    states.forEach((state, s) => {
      for (let zone = 0; zone < 2; zone++) {
        for (let fade = 0; fade < 4; fade++) {
          const tone = Math.min(2, state.why.tone + zone);
          const key = [state.kind.id, state.actor, state.other, tone, fade].join();
          if (!numbers.has(key)) {
            numbers.set(key, looks.length);
            looks.push({ kind: state.kind, actor: state.actor, other: state.other, tone, fade });
          }
          table[s * 8 + zone * 4 + fade] = numbers.get(key);
        }
      }
    });
    return { looks, table };
  }

  function strength(look) {
    return TONES[look.tone] * FADES[look.fade];
  }

  M.palette = { THEMES, TONES, rgb, contrast, mix, against, coloursOf, createLooks, strength };
})((globalThis.Mapper = globalThis.Mapper || {}));
