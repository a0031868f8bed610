/*
 * What a person with other eyes or hands cannot see or hit. Each function runs in the page, names nothing outside itself,
 * and answers with one line for each fault.
 */

/** A hidden box counts as its label; a link within a sentence is as tall as the sentence (WCAG 2.2 SC 2.5.8). */
export function findSmallTargets(smallest: number): readonly string[] {
  const targets = document.querySelectorAll<HTMLElement>('button, a[href], input, select, textarea, summary');
  return [...targets].flatMap((target) => {
    const area = target.closest('label') ?? target;
    const { width, height } = area.getBoundingClientRect();
    const isAlone = getComputedStyle(target).display !== 'inline';
    const isHidden = !target.checkVisibility({ visibilityProperty: true }) || target.classList.contains('skip');
    if (isHidden || !isAlone || target.matches('.visually-hidden:not(label *)')) return [];
    const isSmall = height < smallest - 0.5 || width < smallest - 0.5;
    return isSmall
      ? [`${area.tagName} ${area.innerText.slice(0, 20)} ${Math.round(width)} × ${Math.round(height)}`]
      : [];
  });
}

/** Whatever scrolls sideways without being made to, sticks out of the window, or hides part of a text (SC 1.4.10). */
export function findOverflow(smallestRoom: number): readonly string[] {
  const name = (element: Element) =>
    `${element.tagName}.${element.getAttribute('class') ?? ''} ${(element.textContent ?? '').trim().slice(0, 20)}`;
  const faults: string[] = [];
  const { scrollWidth, clientWidth } = document.documentElement;
  if (scrollWidth > clientWidth) faults.push(`the page is ${scrollWidth - clientWidth} wider than its window`);
  const main = document.querySelector('main');
  if (main && main.scrollWidth > main.clientWidth + 1)
    faults.push(`main is ${main.scrollWidth - main.clientWidth} too wide`);
  if (main && main.clientHeight < smallestRoom) faults.push(`main has ${main.clientHeight} left`);
  for (const element of document.querySelectorAll<HTMLElement>('body *')) {
    if (!element.checkVisibility({ visibilityProperty: true }) || element.closest('svg, .visually-hidden')) continue;
    const style = getComputedStyle(element);
    const isCut = /hidden|clip/.test(style.overflowX) && element.scrollWidth > element.clientWidth + 1;
    const isSquashed = /hidden|clip/.test(style.overflowY) && element.scrollHeight > element.clientHeight + 4;
    // What is shortened on purpose says the whole of itself elsewhere.
    const isShortened = style.textOverflow === 'ellipsis' && element.title !== '';
    if ((isCut || isSquashed) && element.clientWidth > 1 && !isShortened) faults.push(`cut off: ${name(element)}`);
    let scroller: Element | null = element;
    while (scroller && !/auto|scroll/.test(getComputedStyle(scroller).overflowX)) scroller = scroller.parentElement;
    const { left, right, width } = element.getBoundingClientRect();
    const isOutside = width > 0 && (right > clientWidth + 1 || left < -1);
    if (isOutside && (!scroller || scroller === main) && !element.classList.contains('skip')) {
      faults.push(`sticks out by ${Math.round(right - clientWidth)}: ${name(element)}`);
    }
  }
  return faults.slice(0, 8);
}

/**
 * What the Tab key can reach and nobody sees that it did: no outline at least 2 px wide around it, or around what stands
 * for it (SC 2.4.7). Expects that a key was pressed before, so that the browser draws focus at all.
 */
export function findUnseenFocus(): readonly string[] {
  const before = document.activeElement;
  const modal = document.querySelector('dialog:modal');
  const isReachable = (element: HTMLElement) =>
    element.tabIndex >= 0 &&
    element.checkVisibility({ visibilityProperty: true }) &&
    !element.matches(':disabled') &&
    !element.closest('[inert]') &&
    (!modal || modal.contains(element));
  const isRinged = (element: Element | null, steps = 3): boolean => {
    if (!element || steps === 0) return false;
    const { outlineStyle, outlineWidth } = getComputedStyle(element);
    return (outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2) || isRinged(element.parentElement, steps - 1);
  };
  const faults = [
    ...document.querySelectorAll<HTMLElement>('a[href], button, input, select, textarea, summary, [tabindex]'),
  ]
    .filter(isReachable)
    .flatMap((element) => {
      element.focus({ preventScroll: true });
      if (document.activeElement !== element) return [];
      return isRinged(element) ? [] : [`${element.tagName} ${(element.innerText || element.title).slice(0, 20)}`];
    });
  if (before instanceof HTMLElement) before.focus({ preventScroll: true });
  return faults;
}
