import { Icon } from '../controls/icon';
import { language } from '../state/settings';
import { lesson, load } from '../state/page';
import { text } from '../text';
import { LESSONS_EN, type LessonText } from './en';
import { LESSONS, lessonOf } from './states';
import { LESSONS_ZH } from './zh';

function textOf(name: string): LessonText {
  return (language.value === 'zh' ? LESSONS_ZH : LESSONS_EN)[name];
}

/** Opens a lesson, or closes all. */
export function openLesson(name: string | undefined): void {
  lesson.value = name;
  const state = lessonOf(name);
  if (state) load(state.experiment, state.view);
}

/** The path of lessons, and the one that is read. */
export function LearnPanel() {
  const { learn: words } = text.value;
  const current = lessonOf(lesson.value);
  return (
    <section class="learn" aria-labelledby="heading-learn">
      <nav class="path" aria-label={words.path}>
        <h2 id="heading-learn">{words.heading}</h2>
        <ol>
          {LESSONS.map(({ name }, index) => (
            <li key={name}>
              <button
                type="button"
                class="lesson-link"
                aria-current={current?.name === name ? 'step' : undefined}
                onClick={() => openLesson(name)}
                title={textOf(name).title}
              >
                <span class="lesson-number">{index + 1}</span>
                <span class="lesson-title">{textOf(name).label}</span>
              </button>
            </li>
          ))}
        </ol>
      </nav>
      {current && <Lesson name={current.name} />}
    </section>
  );
}

function Lesson({ name }: { name: string }) {
  const { learn: words } = text.value;
  const { title, paragraphs, attempt, expect } = textOf(name);
  const index = LESSONS.findIndex((lesson) => lesson.name === name);
  const previous = LESSONS[index - 1];
  const next = LESSONS[index + 1];
  return (
    <article class="lesson" key={name}>
      <header>
        <p class="eyebrow">{words.lesson(index + 1, LESSONS.length)}</p>
        <h3>{title}</h3>
        <nav>
          {previous && (
            <button type="button" class="quiet" onClick={() => openLesson(previous.name)}>
              ← {words.previous}
            </button>
          )}
          {next && (
            <button type="button" class="quiet strong" onClick={() => openLesson(next.name)}>
              {words.next} →
            </button>
          )}
          <button type="button" class="quiet" onClick={() => openLesson(name)}>
            {words.again}
          </button>
        </nav>
      </header>
      <div class="lesson-text">
        {paragraphs.map((paragraph) => (
          <p key={paragraph}>{paragraph}</p>
        ))}
      </div>
      <div class="lesson-task">
        <h4>{words.attempt}</h4>
        <p>{attempt}</p>
        <h4>{words.expect}</h4>
        <p>{expect}</p>
      </div>
      <button
        type="button"
        class="small close"
        onClick={() => openLesson(undefined)}
        aria-label={words.close}
        title={words.close}
      >
        <Icon name="close" />
      </button>
    </article>
  );
}
