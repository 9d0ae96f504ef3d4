import * as v from 'valibot';

/** Text that somebody has to write. `what` names it in the error. */
export const nonEmpty = (what: string) =>
  v.pipe(
    v.string(`${what} must be text; put it in quotes`),
    v.trim(),
    v.minLength(1, `${what} is empty; write it or delete the line`),
  );

export const identifier = v.pipe(
  v.string('an id must be text; put it in quotes'),
  v.regex(
    /^[a-z0-9]+(-[a-z0-9]+)*$/,
    'an id has lower-case letters, digits and single hyphens only, as in "what-freezing-means"',
  ),
  v.maxLength(64, 'an id has at most 64 characters; shorten it'),
);

/** The rules that a piece of content explains. */
export const ruleCodesSchema = v.array(
  v.pipe(v.string(), v.regex(/^FRZ\d{3}$/, 'a rule is named by its code, as in FRZ101')),
  'rules must be a list of rule codes, as in [FRZ101]',
);

/** Where facts come from: measured cases and documents. */
export const sourcesSchema = v.array(
  v.pipe(
    v.string('a source must be text; put it in quotes'),
    v.regex(
      /^(case:[a-z]\d{2}|https:\/\/\S+)$/,
      'a source is "case:" and the id of a measured case, as in "case:a01", or an https address',
    ),
  ),
  'sources must be a list, as in ["case:a01"]',
);

const optionSchema = v.strictObject({
  text: nonEmpty('the text of an option'),
  correct: v.optional(v.boolean('correct must be true or false')),
  why: nonEmpty('the reason (why) of an option'),
});

/** The options of a question, each with the reason that is shown after the answer. */
export const optionsSchema = v.pipe(
  v.array(optionSchema, 'options must be a list of {text, correct, why}'),
  v.minLength(2, 'a choice needs at least two options; add one'),
  v.maxLength(6, 'a choice has at most six options; remove some'),
  v.check(
    (options) => options.filter((option) => option.correct === true).length === 1,
    'exactly one option must say "correct: true"',
  ),
);
