import './predict.css';
import type { PredictAction } from '../learn/predict/predict.ts';
import type { StudyAction } from '../study-messages/messages.ts';
import type { PredictView } from '../study-messages/predict.ts';
import type { Act } from './host.ts';
import { CodeLines } from './lesson.tsx';
import { Inline } from './markdown.tsx';
import { Bar, Button, Foot, Icon } from './parts.tsx';

type QuestionView = NonNullable<PredictView['question']>;

/** What trains after a line: ticked first, told by the trace afterwards. */
export function Predict({ view, act }: { view: PredictView; act: Act }) {
  const { question, position, total, where, problem } = view;
  const send = (action: PredictAction): void => act(inPredict(action));
  return (
    <article key={question?.id ?? 'done'} class="item">
      <Bar title="Predict" position={question === null ? null : position} total={total} act={act} />
      {problem !== null && (
        <p class="notice" role="alert">
          <Icon name="info" /> <span>{problem}</span>
        </p>
      )}
      {question === null ? (
        <>
          <h1 tabIndex={-1} data-focus="question">{`${view.right} of ${total} right`}</h1>
          <p class="quiet">{where === null ? 'The built-in program' : where}</p>
        </>
      ) : (
        <Question question={question} where={where} send={send} />
      )}
      <Foot>
        <Button onClick={() => send({ type: 'readFile' })}>Ask about my file</Button>
        {question === null ? (
          <Button primary onClick={() => send({ type: 'sample' })}>
            {where === null ? 'Start over' : 'Built-in program'}
          </Button>
        ) : question.isChecked ? (
          <Button primary onClick={() => send({ type: 'next', question: question.id })} keyHint="Enter">
            Next
          </Button>
        ) : (
          <Button primary onClick={() => send({ type: 'check', question: question.id })} keyHint="Enter">
            Check
          </Button>
        )}
      </Foot>
    </article>
  );
}

function Question(props: {
  question: QuestionView;
  where: string | null;
  send: (action: PredictAction) => void;
}) {
  const { question, where, send } = props;
  const { id, row, model, optimizer, code, parts, isChecked } = question;
  return (
    <>
      <div class="question">
        <h1 tabIndex={-1} data-focus="question">
          <Inline
            text={
              optimizer === null
                ? `After line ${row}, which parts of \`${model}\` are trainable?`
                : `After line ${row}, which parts of \`${model}\` would a step of \`${optimizer}\` change?`
            }
          />
        </h1>
        <p class="quiet">{where ?? 'The built-in program'}</p>
      </div>
      <CodeLines code={code.join('\n')} keyLine={code.length - 1} />
      <fieldset class="concepts predict-parts">
        <legend tabIndex={-1} data-focus="answer" class={isChecked ? 'outcome' : undefined}>
          {isChecked ? predictOutcome(question) : 'Tick them all; none is an answer, too'}
        </legend>
        {parts.map(({ name, ticked, result }) => (
          <label class="concept">
            <input
              type="checkbox"
              checked={ticked}
              disabled={isChecked}
              onChange={(event) =>
                send({ type: 'tick', question: id, part: name, ticked: event.currentTarget.checked })
              }
            />
            <span>
              <code>{name}</code>
              {result !== null && (
                <span class="predict-reason">
                  <Icon
                    name={result.isRight ? 'pass' : 'circle-slash'}
                    tone={result.isRight ? 'right' : 'wrong'}
                  />{' '}
                  <span class="visually-hidden">{result.isRight ? 'right: ' : 'not so: '}</span>
                  <Inline text={result.reason} />
                </span>
              )}
            </span>
          </label>
        ))}
      </fieldset>
    </>
  );
}

const inPredict = (action: PredictAction): StudyAction => ({ type: 'do', mode: 'predict', action });

/** What is read out once the answer is checked: "5 of 7 right". */
export function predictOutcome({ parts }: QuestionView): string {
  const right = parts.filter(({ result }) => result?.isRight).length;
  return right === parts.length ? 'Right' : `${right} of ${parts.length} right`;
}

/** What a key does in Predict. */
export function predictKey({ question }: PredictView, key: string): StudyAction | undefined {
  if (key === 'Escape') return { type: 'home' };
  if (key !== 'Enter' || question === null) return undefined;
  return inPredict({ type: question.isChecked ? 'next' : 'check', question: question.id });
}
