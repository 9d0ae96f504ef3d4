import type { ItemView } from '../study-messages/items.ts';
import type { Act } from './host.ts';
import { Inline, Question } from './markdown.tsx';
import { Button, Foot, Icon, ReturnsIn, Tags } from './parts.tsx';

type ChoiceView = Extract<ItemView, { kind: 'choice' }>;
type OptionView = ChoiceView['options'][number];

const LETTERS = 'ABCDEF';

/** A question with lettered options; once one is chosen, a reason stands under every option. */
export function Choice({ item, act, single }: { item: ChoiceView; act: Act; single: boolean }) {
  const answered = item.options.some((option) => option.feedback !== null);
  return (
    <>
      <Tags level={item.level} rules={item.rules} />
      <Question text={item.prompt} />
      {answered && <p class="outcome fade">{choiceOutcome(item)}</p>}
      <ol class="options">
        {item.options.map((option, index) => (
          <li>
            {option.feedback === null ? (
              <button
                type="button"
                class="option"
                onClick={() => act({ type: 'choose', option: option.option })}
              >
                <span class="letter">{LETTERS[index]}</span>
                <span class="option-text">
                  <Inline text={option.text} />
                </span>
              </button>
            ) : (
              <AnsweredOption option={option} letter={LETTERS[index] ?? ''} />
            )}
          </li>
        ))}
      </ol>
      {answered && (
        <Foot>
          {single ? (
            <Button primary onClick={() => act({ type: 'close' })} keyHint="Esc">
              Done
            </Button>
          ) : (
            <>
              <ReturnsIn interval={item.returnsIn} />
              <Button primary onClick={() => act({ type: 'next' })} keyHint="Enter" focusName="answer">
                Next
              </Button>
            </>
          )}
        </Foot>
      )}
    </>
  );
}

function AnsweredOption({ option, letter }: { option: OptionView; letter: string }) {
  const correct = option.feedback?.correct === true;
  const mark = correct ? 'right' : option.chosen ? 'wrong' : undefined;
  return (
    <div class={`option answered${mark === undefined ? '' : ` is-${mark}`}`}>
      <span class="letter">{letter}</span>
      <span class="option-text">
        <Inline text={option.text} />
        {option.chosen && <span class="yours">your answer</span>}
        <span class="visually-hidden">{correct ? ' (right)' : ' (not right)'}</span>
        <span class="reason fade">
          <Inline text={option.feedback?.why ?? ''} />
        </span>
      </span>
      {mark === 'right' && <Icon name="pass" tone="right" />}
      {mark === 'wrong' && <Icon name="warning" tone="wrong" />}
    </div>
  );
}

/** What a key does on a question. */
export function choiceKey(item: ChoiceView, key: string): Parameters<Act>[0] | undefined {
  if (item.options.some((option) => option.feedback !== null))
    return key === 'Enter' ? { type: 'next' } : undefined;
  const option = item.options[LETTERS.indexOf(key.toUpperCase())];
  return key.length === 1 && option !== undefined ? { type: 'choose', option: option.option } : undefined;
}

/** The outcome in a sentence; empty before the answer. */
export function choiceOutcome(item: ChoiceView): string {
  if (item.options.some((option) => option.chosen && option.feedback?.correct === true)) return 'Right.';
  const right = LETTERS[item.options.findIndex((option) => option.feedback?.correct === true)];
  return right === undefined ? '' : `Not quite: ${right} is right.`;
}
