// On paper: light, the map drawn anew for the sheet (whatever the window's shape) and the chart at the size it is printed.
"use strict";
(function (M) {
  function createPrint(app) {
    const { $ } = M.dom;
    let printing = false;

    function before() {
      if (printing) return;
      printing = true;
      const { map, layer } = app;
      const view = { at: map.getCenter(), zoom: map.getZoom(), bounds: map.getBounds(), fitted: app.fitted() };
      const all = app.whole();
      document.body.classList.add("printing"); // the map and the chart take their size on paper
      app.printing = true;
      app.retheme();
      layer.set({ ratio: 2 });
      map.invalidateSize({ animate: false, pan: false });
      if (all) app.fit();
      else map.fitBounds(view.bounds, { animate: false });
      app.picture.onto($("printed"));
      layer.set({ ratio: 0 });
      document.body.classList.add("printed"); // the picture stands for the map, which goes back to its place
      map.invalidateSize({ animate: false, pan: false });
      map.setView(view.at, view.zoom, { animate: false });
      app.fitted(view.fitted);
    }

    function after() {
      if (!printing) return;
      printing = false;
      app.printing = false;
      document.body.classList.remove("printing", "printed");
      app.retheme();
      $("printed").width = 0;
    }

    addEventListener("beforeprint", before);
    addEventListener("afterprint", after);
  }

  M.print = { createPrint };
})((globalThis.Mapper = globalThis.Mapper || {}));
