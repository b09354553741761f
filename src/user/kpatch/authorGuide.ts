// authorGuide.ts - where the machine has docs/author-guide.md.

export const AUTHOR_GUIDE = "/usr/share/doc/kpatch/author-guide.md";

/** Place in the guide that has `<a id="SECTION">`. */
export const guide = (section: string): string => `${AUTHOR_GUIDE}#${section}`;
