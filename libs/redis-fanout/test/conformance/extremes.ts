/** The longest name, of every character that a name may have; timelines allow for less. */
export const EXTREME_NAME = `Az09_-.:@/${'n'.repeat(118)}`;
export const EXTREME_USER = `Az09_-${'u'.repeat(58)}`;

/** Of streams: no message of the suite is handed out so often that it becomes a dead letter. */
export const MAX_ATTEMPTS = 1000;
