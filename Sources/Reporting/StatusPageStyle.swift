/// The page's one style sheet. Colours follow the reader's scheme; no state is told by colour alone: bars carry words,
/// excluded is hatched, unknown dotted.
enum StatusPageStyle {
    static let css = """
        :root { --page: #f5f6f8; --card: #fff; --text: #1c2330; --quiet: #5c6675; --line: #e2e6ec; --up: #2f9e5b;
          --degraded: #d98a1f; --down: #d3312f; --unknown: #9aa3b0; --excluded: #7c93b8; --length: #4b78b5;
          --tip: #1c2330; --tiptext: #fff; }
        @media (prefers-color-scheme: dark) { :root { --page: #0f131a; --card: #181e27; --text: #e6eaf0;
          --quiet: #98a3b3; --line: #2a323e; --up: #3fb36c; --degraded: #e09b3a; --down: #ee5350; --unknown: #6f7a89;
          --excluded: #6d86ad; --length: #6d97cf; --tip: #e6eaf0; --tiptext: #10151d; } }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--page); color: var(--text); font: 15px/1.5 system-ui, sans-serif;
          font-variant-numeric: tabular-nums; }
        main { max-width: 60rem; margin: 0 auto; padding: 1.5rem 1rem 3rem; }
        h1, h2, h3, p, dl, dd, ul { margin: 0; padding: 0; }
        h1 { font-size: 1.5rem; line-height: 1.25; }
        h2 { font-size: 1.2rem; overflow-wrap: anywhere; }
        h3, summary { font-size: .95rem; font-weight: 600; margin: 1.4rem 0 .5rem; }
        h3 .name { font-weight: 400; }
        summary { cursor: pointer; }
        .banner { display: flex; gap: 1rem; align-items: center; padding: 1.2rem 1.4rem; border-radius: 12px;
          background: var(--card); border: 1px solid var(--line); border-left: 6px solid var(--state); }
        .banner p { color: var(--quiet); }
        .dot { flex: none; width: 1.1rem; height: 1.1rem; border-radius: 50%; background: var(--state); }
        .up { --state: var(--up); } .degraded { --state: var(--degraded); } .down { --state: var(--down); }
        .unknown { --state: var(--unknown); } .excluded { --state: var(--excluded); }
        .card { margin-top: 1.2rem; padding: 1.2rem 1.4rem; border-radius: 12px; background: var(--card);
          border: 1px solid var(--line); }
        .head { display: flex; flex-wrap: wrap; gap: .3rem .7rem; align-items: baseline; }
        .name, .since, .quiet, .when + strong + .cause { color: var(--quiet); }
        .name { font-size: .9em; font-weight: 400; overflow-wrap: anywhere; }
        .since { font-size: .9em; }
        .label { border: 1px dashed var(--degraded); border-radius: 6px; padding: 0 .5em; font-size: .85em; }
        .verdict { margin-left: auto; padding: .05em .8em; border-radius: 999px; font-weight: 600; color: var(--text);
          border: 2px solid var(--state); }
        .verdict.small { margin: 0; padding: 0 .6em; font-size: .8em; font-weight: 400; border-width: 1px; }
        .tiles { display: flex; flex-wrap: wrap; justify-content: space-between; gap: .8rem 1.4rem;
          margin: 1rem 0 .6rem; }
        .tiles dt { color: var(--quiet); font-size: .82rem; }
        .tiles dd { font-size: 1.15rem; font-weight: 600; }
        .bad { color: var(--down); }
        .quiet { font-size: .9rem; }
        svg { display: block; overflow: visible; }
        svg.bar { width: 100%; height: 15px; }
        svg.swatch { width: 14px; height: 14px; }
        svg.hours { width: 100%; height: 14px; }
        svg text { fill: var(--quiet); font-size: 11px; }
        rect { fill: var(--state); }
        rect.length { fill: var(--length); }
        rect.nothing { fill: var(--line); }
        .bar rect.down { stroke: var(--down); stroke-width: 1.5px; }
        .bar rect.excluded { fill: url(#hatch); }
        .bar rect.unknown { fill: url(#dots); }
        .bar rect.degraded { fill: url(#weave); }
        .month { display: flex; gap: .8rem; }
        .axis { display: flex; flex-direction: column; justify-content: space-between; height: 72px; text-align: right;
          color: var(--quiet); font-size: 11px; line-height: 1; min-width: 3rem; }
        svg.days { flex: 1; min-width: 0; height: 92px; }
        g:focus { outline: none; }
        g:focus rect { stroke: var(--text); stroke-width: 2px; stroke-dasharray: none; }
        foreignObject { overflow: visible; visibility: hidden; pointer-events: none; }
        g:focus foreignObject { visibility: visible; }
        svg:focus-within { position: relative; z-index: 1; }
        .tip { display: inline-block; white-space: nowrap; padding: .15em .6em; border-radius: 6px; font-size: 12px;
          background: var(--tip); color: var(--tiptext); }
        .tip.left { transform: translateX(-100%); }
        table { width: 100%; border-collapse: collapse; }
        th, td { padding: 1px 0 1px .8rem; text-align: right; white-space: nowrap; font-weight: 400;
            font-size: .85rem; }
        th { padding-left: 0; text-align: left; }
        thead td { color: var(--quiet); font-size: .75rem; }
        td.wide { width: 70%; }
        .regions th { white-space: normal; overflow-wrap: anywhere; min-width: 7rem; }
        .regions td, .regions th { padding-top: 3px; padding-bottom: 3px; }
        .regions td.wide { width: 50%; }
        .legend { display: flex; flex-wrap: wrap; gap: .2rem 1.2rem; margin-top: .6rem; color: var(--quiet);
          font-size: .82rem; }
        .legend span { display: inline-flex; gap: .4rem; align-items: center; }
        .outages { list-style: none; }
        .outages li { padding: .35rem 0; border-top: 1px solid var(--line); overflow-wrap: anywhere; }
        .when { margin-right: .6rem; }
        footer { margin-top: 1.6rem; color: var(--quiet); font-size: .82rem; }
        @media (max-width: 40rem) { td.wide, .regions td.wide { width: 40%; } .card, .banner { padding: 1rem; }
          th, td { padding-left: .4rem; font-size: .75rem; } .regions th { min-width: 4rem; }
          .axis { min-width: 2.4rem; } .tip { white-space: normal; width: 12rem; } }
        """
}
