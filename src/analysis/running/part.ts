/** A part of what surrounds the statement that is being run. */
export interface Part {
  /** Begins outside everything, for a function that the program does not call. */
  startAlone(): void;
  /** Takes note of how things are; what is returned restores that, so that something can be run again. */
  checkpoint(): () => void;
  /** Begins outside everything, for what is no part of the present paths; what is returned goes back to them. */
  setAside(): () => void;
}
