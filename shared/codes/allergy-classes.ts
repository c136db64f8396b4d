// Groups of substances that react alike, for choosing at entry and for warnings before an order.
// General pharmacology, a starting point only: each center's clinical pharmacist completes and approves it.

export interface AllergyClass {
  readonly code: string;
  /** As staff say it. */
  readonly name: string;
  /** Ingredient stems as Vietnamese lists spell them: lower case, no diacritics, no final "e". */
  readonly members: readonly string[];
  /** Classes a person allergic to this one may react to as well. */
  readonly cross: readonly { readonly code: string; readonly level: 'warn' | 'info' }[];
}

export const allergyClasses: readonly AllergyClass[] = [
  {
    code: 'penicillin',
    name: 'Nhóm penicilin',
    members: [
      'benzylpenicilin',
      'phenoxymethylpenicilin',
      'amoxicilin',
      'ampicilin',
      'cloxacilin',
      'oxacilin',
      'piperacilin',
      'ticarcilin',
      'sultamicilin',
    ],
    cross: [
      { code: 'cephalosporin', level: 'warn' },
      { code: 'carbapenem', level: 'info' },
    ],
  },
  {
    code: 'cephalosporin',
    name: 'Nhóm cephalosporin',
    members: [
      'cefalexin',
      'cefradin',
      'cefadroxil',
      'cefazolin',
      'cefaclor',
      'cefuroxim',
      'cefoxitin',
      'cefotaxim',
      'ceftriaxon',
      'ceftazidim',
      'cefoperazon',
      'cefixim',
      'cefpodoxim',
      'cefdinir',
      'cefepim',
    ],
    cross: [{ code: 'penicillin', level: 'warn' }],
  },
  {
    code: 'carbapenem',
    name: 'Nhóm carbapenem',
    members: ['imipenem', 'meropenem', 'ertapenem', 'doripenem'],
    cross: [{ code: 'penicillin', level: 'info' }],
  },
  {
    code: 'sulfonamide-ab',
    name: 'Kháng sinh sulfamid',
    members: ['sulfamethoxazol', 'sulfadiazin', 'sulfadoxin'],
    cross: [],
  },
  {
    code: 'quinolone',
    name: 'Nhóm quinolon',
    members: ['ciprofloxacin', 'levofloxacin', 'moxifloxacin', 'ofloxacin', 'norfloxacin', 'nalidixic'],
    cross: [],
  },
  {
    code: 'aminoglycoside',
    name: 'Nhóm aminosid',
    members: ['gentamicin', 'amikacin', 'tobramycin', 'streptomycin', 'neomycin', 'kanamycin'],
    cross: [],
  },
  {
    code: 'macrolide',
    name: 'Nhóm macrolid',
    members: ['erythromycin', 'clarithromycin', 'azithromycin', 'spiramycin', 'roxithromycin'],
    cross: [],
  },
  {
    code: 'nsaid',
    name: 'NSAID, aspirin',
    members: [
      'acetylsalicylic',
      'ibuprofen',
      'diclofenac',
      'ketoprofen',
      'ketorolac',
      'naproxen',
      'piroxicam',
      'meloxicam',
      'tenoxicam',
      'etoricoxib',
      'celecoxib',
      'metamizol',
    ],
    cross: [{ code: 'nsaid', level: 'warn' }],
  },
  {
    code: 'local-amide',
    name: 'Thuốc tê nhóm amid',
    members: ['lidocain', 'bupivacain', 'ropivacain', 'mepivacain'],
    cross: [],
  },
  {
    code: 'iodinated-contrast',
    name: 'Thuốc cản quang iod',
    members: ['iohexol', 'iopamidol', 'iopromid', 'iobitridol', 'iodixanol'],
    cross: [],
  },
  {
    code: 'opioid',
    name: 'Opioid',
    members: ['morphin', 'pethidin', 'fentanyl', 'tramadol', 'codein'],
    cross: [],
  },
];

export const allergyClassByCode: ReadonlyMap<string, AllergyClass> = new Map(
  allergyClasses.map((c) => [c.code, c]),
);
