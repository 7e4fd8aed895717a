/// The style sheet of the pages.
enum StyleSheet {
    static let text = colors + layout + parts + charts

    /// The colors.
    ///
    /// `--s0` to `--s7` are those of the series, and can be told apart by people who see colors differently.
    private static let colors = """
        :root { color-scheme: light dark; --ink: #1d2733; --soft: #5c6b7a; --paper: #f6f4ef; --card: #fff; --line: #e2ded6;
          --axis: #8a949e; --s0: #b3502b; --s1: #2e6a94; --s2: #3f7d4e; --s3: #8a5a9e; --s4: #a8791a; --s5: #1f8384;
          --s6: #b0426f; --s7: #66788a; }
        @media (prefers-color-scheme: dark) { :root { --ink: #eceae4; --soft: #a3adb8; --paper: #14181d; --card: #1e242b;
          --line: #333c46; --axis: #6f7b87; --s0: #e8906a; --s1: #7db7e3; --s2: #7fc796; --s3: #c49ad8; --s4: #dfb65a;
          --s5: #66c7c7; --s6: #ea8db2; --s7: #9aaaba; } }

        """

    private static let layout = """
        * { box-sizing: border-box; }
        body { margin: 0; font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper);
          -webkit-text-size-adjust: 100%; }
        main { max-width: 73rem; margin: 0 auto; padding: 2.5rem 1rem 4rem; }
        h1 { margin: 0; font-size: clamp(1.7rem, 4vw, 2.3rem); line-height: 1.15; letter-spacing: -.02em;
          overflow-wrap: anywhere; }
        h2 { margin: 2.8rem 0 .2rem; font-size: 1.3rem; letter-spacing: -.01em; }
        h3 { margin: 0 0 .5rem; font-size: 1rem; }
        p { margin: 0 0 .8rem; }
        .soft { color: var(--soft); }
        .lead { font-size: 1.12rem; max-width: 46rem; margin: .6rem 0 1rem; }
        .intro { color: var(--soft); max-width: 46rem; margin-bottom: 1rem; }
        .card { min-width: 0; padding: 1rem; background: var(--card); border: 1px solid var(--line);
          border-radius: .7rem; }
        .grid { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 19rem), 1fr)); }
        .split { display: grid; gap: 1rem; align-items: start; grid-template-columns: minmax(0, 1fr); }
        @media (min-width: 60rem) { .split { grid-template-columns: minmax(0, 1fr) minmax(0, 2fr); } }
        .half { grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr)); }
        .scroll { overflow-x: auto; }

        """

    private static let parts = """
        .facts { display: flex; flex-wrap: wrap; gap: .5rem 1.6rem; margin: 0; }
        .facts dt { color: var(--soft); font-size: .82rem; } .facts dd { margin: 0; font-variant-numeric: tabular-nums; }
        .figures { display: grid; gap: .8rem; grid-template-columns: repeat(auto-fill, minmax(min(100%, 9.2rem), 1fr)); }
        @media (min-width: 60rem) { .figures { grid-template-columns: repeat(4, 1fr); gap: 1rem; } }
        .figures .card { padding: .8rem 1rem; }
        .figures h3 { margin: 0; font-size: .88rem; font-weight: 500; color: var(--soft); }
        .value { margin: 0; font-size: 1.9rem; font-weight: 650; line-height: 1.2; letter-spacing: -.02em;
          font-variant-numeric: tabular-nums; }
        .range, .hint { margin: 0; font-size: .82rem; color: var(--soft); font-variant-numeric: tabular-nums; }
        table { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; }
        th, td { padding: .45rem .5rem; text-align: right; border-top: 1px solid var(--line); vertical-align: middle; }
        thead th { border-top: 0; font-size: .82rem; font-weight: 500; color: var(--soft); vertical-align: bottom; }
        th:first-child, td:first-child { text-align: left; padding-left: 0; } th:last-child, td:last-child { padding-right: 0; }
        tbody th { font-weight: 500; overflow-wrap: break-word; hyphens: auto; }
        tbody.group + tbody.group tr:first-child > * { border-top: 2px solid var(--line); }
        td small { display: block; color: var(--soft); font-size: .76rem; white-space: nowrap; }
        tfoot td, tfoot th { color: var(--soft); font-weight: 400; }
        .wide { width: 40%; } .ends { display: flex; justify-content: space-between; } .slices td { white-space: nowrap; }
        @media (max-width: 40rem) { .extra, td small { display: none; } table { font-size: .85rem; }
          th, td { padding: .4rem .15rem; } .slices tr { display: grid; grid-template-columns: 1fr 4rem 4rem; }
          .slices .wide { grid-column: 1 / -1; width: auto; padding: 0 0 .4rem; border: 0; } }
        .bars { max-width: 27rem; }
        .swatch { display: inline-block; width: .75rem; height: .75rem; margin-right: .45rem; border-radius: .2rem;
          background: var(--c); }
        .legend { display: flex; flex-wrap: wrap; gap: .15rem 1rem; margin: .5rem 0 0; padding: 0; list-style: none;
          font-size: .85rem; }
        .items { margin: 0; padding: 0; list-style: none; }
        .items li { padding: .7rem 0; border-top: 1px solid var(--line); } .items li:first-child { border-top: 0; padding-top: 0; }
        .items li:last-child { padding-bottom: 0; }
        .items.columns { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 24rem), 1fr));
          column-gap: 2.5rem; margin: -1rem 0; } .items.columns li { border-top: 1px solid var(--line); padding: .7rem 0; }
        .items.columns li:first-child { border-top-color: transparent; }
        @media (min-width: 54rem) { .items.columns li:nth-child(2) { border-top-color: transparent; } }
        .text { margin: 0 0 .25rem; max-height: 12rem; overflow: hidden; overflow-wrap: anywhere; white-space: pre-wrap;
          unicode-bidi: isolate; }
        .note { margin: 0; font-size: .85rem; color: var(--soft); }
        .note b { font-weight: 600; color: var(--ink); }
        .meter { display: inline-block; width: 5rem; height: .5rem; margin-right: .4rem; border-radius: 1rem; overflow: hidden;
          background: var(--line); vertical-align: .05em; } .meter i { display: block; height: 100%; background: var(--s0); }
        .better { color: var(--s2); } .worse { color: var(--s0); }
        details { margin-top: 2.8rem; } summary { cursor: pointer; font-weight: 600; }
        details dt { margin-top: .8rem; font-weight: 600; } details dd { margin: 0; max-width: 46rem; color: var(--soft); }
        .below { margin-top: 1rem; }
        :focus-visible { outline: 2px solid var(--s1); outline-offset: 2px; }
        figure { margin: 0; } figcaption { font-size: .85rem; color: var(--soft); margin-bottom: .6rem; }

        """

    private static let charts = """
        svg { display: block; width: 100%; height: auto; overflow: visible; } svg.gauge { height: 16px; }
        svg text { fill: var(--soft); font-size: 12px; font-variant-numeric: tabular-nums; }
        svg .title { font-size: 12.5px; } svg .count { font-size: 17px; font-weight: 600; fill: var(--ink); }
        svg .inside { fill: var(--ink); } .cell { fill: var(--c); fill-opacity: calc(.05 + var(--share) * .65); }
        @media (prefers-color-scheme: dark) { .cell { fill-opacity: calc(.06 + var(--share) * .5); } }
        .s0 { --c: var(--s0); } .s1 { --c: var(--s1); } .s2 { --c: var(--s2); } .s3 { --c: var(--s3); }
        .s4 { --c: var(--s4); } .s5 { --c: var(--s5); } .s6 { --c: var(--s6); } .s7 { --c: var(--s7); }
        .gridline { stroke: var(--line); } .axis { stroke: var(--axis); }
        .reference { fill: none; stroke: var(--axis); stroke-dasharray: 3 4; }
        .line { fill: none; stroke: var(--c); stroke-width: 2.2; stroke-linejoin: round; } .dashed { stroke-dasharray: 6 4; }
        .area { fill: var(--c); opacity: .12; } .dot, .bar { fill: var(--c); }
        .whisker { stroke: var(--c); stroke-width: 1.4; opacity: .6; }
        .extent { stroke: var(--c); stroke-width: 5; stroke-linecap: round; opacity: .35; }
        .ring { fill: var(--card); stroke: var(--c); stroke-width: 2.4; } .column { fill: var(--soft); opacity: .22; }
        @media print { body { background: #fff; } .card { break-inside: avoid; } }
        """
}
