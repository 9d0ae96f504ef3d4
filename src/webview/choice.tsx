import type { ItemView, OptionView } from '../study-messages/items.ts';
import type { Act } from './host.ts';
import { Inline, Question } from './markdown.tsx';
import { Button, Foot, Icon, ReturnsIn, Tags } from './parts.tsx';

type ChoiceView = Extract<ItemView, { kind: 'choice' }>;

const LETTERS = 'ABCDEF';

/** A question with lettered options; once one is chosen, a reason stands under every option. */
export function Choice({ item, act, single }: { item: ChoiceView; act: Act; single: boolean }) {
  const answered = hasAnswer(item.options);
  return (
    <>
      <Tags level={item.level} rules={item.rules} />
      <Question text={item.prompt} />
      {answered && <p class="outcome fade">{choiceOutcome(item.options)}</p>}
      <Options options={item.options} choose={(option) => act({ type: 'choose', option })} />
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

/** Lettered options, as buttons until one of them is chosen. */
export function Options(props: { options: readonly OptionView[]; choose: (option: number) => void }) {
  return (
    <ol class="options">
      {props.options.map((option, index) => (
        <li>
          {option.feedback === null ? (
            <button type="button" class="option" onClick={() => props.choose(option.option)}>
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
  if (hasAnswer(item.options)) return key === 'Enter' ? { type: 'next' } : undefined;
  const option = optionOfKey(item.options, key);
  return option === undefined ? undefined : { type: 'choose', option };
}

/** The option that a letter stands for. */
export function optionOfKey(options: readonly OptionView[], key: string): number | undefined {
  return key.length === 1 ? options[LETTERS.indexOf(key.toUpperCase())]?.option : undefined;
}

export function hasAnswer(options: readonly OptionView[]): boolean {
  return options.some((option) => option.feedback !== null);
}

/** The outcome in a sentence; empty before the answer. */
export function choiceOutcome(options: readonly OptionView[]): string {
  if (options.some((option) => option.chosen && option.feedback?.correct === true)) return 'Right.';
  const right = LETTERS[options.findIndex((option) => option.feedback?.correct === true)];
  return right === undefined ? '' : `Not quite: ${right} is right.`;
}
