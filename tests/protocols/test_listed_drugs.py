"""The drugs of NCT05990231: each name of the table that they come from earns the codes of its row, and no others."""

import pytest

TABLE = {
    "pd1_inhibitor": "pembrolizumab 帕博利珠单抗; nivolumab 纳武利尤单抗; camrelizumab 卡瑞利珠单抗 (SHR-1210); "
    "sintilimab 信迪利单抗 (IBI308); tislelizumab 替雷利珠单抗 (BGB-A317); toripalimab 特瑞普利单抗 (JS001); "
    "penpulimab 派安普利单抗 (AK105); zimberelimab 赛帕利单抗 (GLS-010); serplulimab 斯鲁利单抗 (HLX10); "
    "pucotenlimab 普特利单抗 (HX008); cemiplimab; dostarlimab; retifanlimab",
    "pd1_inhibitor, anti_ctla4": "cadonilimab 卡度尼利单抗 (AK104); "
    "iparomlimab and tuvonralimab 艾帕洛利单抗/托沃瑞利单抗 (QL1706)",
    "pd1_inhibitor, targeted": "ivonescimab 依沃西单抗 (AK112)",
    "anti_pdl1": "atezolizumab 阿替利珠单抗; durvalumab 度伐利尤单抗; avelumab; envafolimab 恩沃利单抗 (KN035); "
    "sugemalimab 舒格利单抗 (CS1001); adebrelimab 阿得贝利单抗 (SHR-1316); benmelstobart 贝莫苏拜单抗 (TQB2450); "
    "socazolimab 索卡佐利单抗",
    "anti_ctla4": "ipilimumab 伊匹木单抗; tremelimumab",
    "anti_lag3": "relatlimab",
    "other_immunotherapy": "tiragolumab; ociperlimab",
    "platinum": "cisplatin 顺铂; carboplatin 卡铂; oxaliplatin 奥沙利铂; nedaplatin 奈达铂; lobaplatin 洛铂",
    "other_chemotherapy": "paclitaxel 紫杉醇; nab-paclitaxel 白蛋白结合型紫杉醇; liposomal paclitaxel 紫杉醇脂质体; "
    "docetaxel 多西他赛; fluorouracil 氟尿嘧啶; capecitabine 卡培他滨; S-1 (tegafur, gimeracil, oteracil) 替吉奥; "
    "irinotecan 伊立替康; gemcitabine 吉西他滨; vinorelbine 长春瑞滨; etoposide 依托泊苷; utidelone 优替德隆",
    "targeted": "anlotinib 安罗替尼; apatinib (rivoceranib) 阿帕替尼; lenvatinib 仑伐替尼; fruquintinib 呋喹替尼; "
    "surufatinib 索凡替尼; nimotuzumab 尼妥珠单抗; cetuximab 西妥昔单抗; bevacizumab 贝伐珠单抗; "
    "ramucirumab 雷莫西尤单抗; trastuzumab 曲妥珠单抗; afatinib 阿法替尼",
    "cell_therapy": "CIK 细胞因子诱导的杀伤细胞; CAR-T; TIL",
    "interleukin": "interleukin-2, aldesleukin 白介素-2",
    "il11": "oprelvekin, recombinant human interleukin-11 重组人白介素-11",
    "interferon": "interferon alfa 干扰素",
    "thymosin": "thymalfasin 胸腺法新 (thymosin alpha 1); thymopentin 胸腺五肽",
    "tnf": "tumour necrosis factor 肿瘤坏死因子",
}
ENTRIES = [(codes, entry) for codes, row in TABLE.items() for entry in row.split("; ")]


@pytest.mark.parametrize(("codes", "entry"), ENTRIES, ids=[entry for _codes, entry in ENTRIES])
def test_every_name_of_an_entry_is_the_same_drug_with_its_codes(protocol, codes, entry):
    named = protocol.vocabulary.drugs.named_in(entry)
    assert [drug.codes for drug in named.drugs] == [tuple(codes.split(", "))]
    assert named.whole


def test_the_list_holds_the_drugs_of_the_table_and_no_others(protocol):
    assert len(protocol.vocabulary.drugs.listed) == len(ENTRIES)


@pytest.mark.parametrize(
    ("text", "drugs"),
    [
        ("白蛋白紫杉醇+卡铂", ["nab-paclitaxel", "carboplatin"]),
        ("多西紫杉醇", ["docetaxel"]),
        ("paclitaxel (albumin-bound)", ["nab-paclitaxel"]),
        ("注射用紫杉醇(白蛋白结合型)", ["nab-paclitaxel"]),
        ("盐酸安罗替尼胶囊", ["anlotinib"]),
        ("5FU and leucovorin", ["fluorouracil"]),
        ("TP 5 cycles", []),
        ("radiotherapy of S1, until progression", []),
        ("AK-104 + anlotinib", ["cadonilimab", "anlotinib"]),
        ("IL-21", []),
    ],
)
def test_drugs_are_named_as_people_write_them(protocol, text, drugs):
    assert [drug.name for drug in protocol.vocabulary.drugs.named_in(text).drugs] == drugs
