/** The names of the study view in the side bar and in an editor, which package.json lists too. */
export const STUDY_VIEW = 'freezelint.study';
export const STUDY_EDITOR = 'freezelint.studyEditor';
