// Papers of a patient: list, writing, pages, printing, forms.
export const documents = {
  'documents.title': 'Giấy tờ',
};
