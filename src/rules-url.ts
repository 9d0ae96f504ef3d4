/**
 * The permanent name of a rule's page, for the `url` field of machine-readable output. A URN-like name
 * rather than a web address: the pages ship with the program (`freezelint rule CODE`, the command
 * *Explain rule*, `docs/rules/`), and no host is promised that might not answer.
 */
export function ruleUrl(code: string): string {
  return `freezelint:rule/${code}`;
}
