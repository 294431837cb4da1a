/** Where scripts write. */
export interface ScriptOutput {
  print(line: string): void;
  printError(line: string): void;
}
