const APPLICATION_ID = /^application_\d+_\d{4,}$/;

/** Whether a text has the form of a YARN application id: `application_1511841600000_0001`. */
export function isApplicationId(text: string): boolean {
  return APPLICATION_ID.test(text);
}
