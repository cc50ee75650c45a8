// The tables of a return: arrow keys and Enter move between cells, and a block copied from a spreadsheet is pasted from the
// cell in use on, to the right and down. Without this script every cell is a plain text box.
"use strict";
(() => {
  const gridOf = (cell) => [...cell.closest("[data-grid]").rows].map((row) => [...row.querySelectorAll("input.cell")]);

  const placeOf = (grid, cell) => {
    const row = grid.findIndex((cells) => cells.includes(cell));
    return [row, grid[row].indexOf(cell)];
  };

  const go = (cell) => {
    if (!cell) return false;
    cell.focus();
    cell.select();
    return true;
  };

  // Inside a text the arrows move the cursor; at its edge, or when all of it is chosen, they leave the cell.
  const leaves = (cell, key) => {
    const { selectionStart: start, selectionEnd: end, value } = cell;
    if (start === 0 && end === value.length) return true;
    return start === end && (key === "ArrowLeft" ? start === 0 : end === value.length);
  };

  const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], Enter: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

  document.addEventListener("keydown", (event) => {
    const cell = event.target;
    const step = STEPS[event.key];
    if (!step || !cell.matches?.("[data-grid] input.cell") || event.altKey || event.ctrlKey || event.metaKey) return;
    if (step[1] && !leaves(cell, event.key)) return;
    const grid = gridOf(cell);
    const [row, column] = placeOf(grid, cell);
    // Enter never sends a half-filled return.
    if (go(grid[row + step[0]]?.[column + step[1]]) || event.key === "Enter") event.preventDefault();
  });

  document.addEventListener("paste", (event) => {
    const cell = event.target;
    if (!cell.matches?.("[data-grid] input.cell")) return;
    const text = event.clipboardData.getData("text/plain").replace(/\r\n?/g, "\n").replace(/\n$/, "");
    if (!/[\n\t]/.test(text)) return;
    event.preventDefault();
    const grid = gridOf(cell);
    const [row, column] = placeOf(grid, cell);
    text.split("\n").forEach((line, down) => {
      line.split("\t").forEach((value, across) => {
        const target = grid[row + down]?.[column + across];
        if (target) target.value = value.trim();
      });
    });
  });
})();
