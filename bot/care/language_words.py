"""The words by which `bot.care.language` knows a language, without accents. Strong ones stand in no other language here
and are no English; weak ones are shared, or stand in the names of products ("Crème de la Mer")."""

from __future__ import annotations

from collections.abc import Mapping

from bot.triage.words import word_set

STRONG: Mapping[str, frozenset[str]] = {
    "es": word_set(
        "nino nina hijo hija marido mujer hermano hermana crema gotas peligroso costras caen recomiendan gato perro "
        "ojos boca suelo herida frente hinchada hinchado corazon respirar veces echo cuantas cuantos desde hijita "
        "ronchas locion puse brotaron respiro aqui agujas nuevas sangro quede feliz caliente mancha nuca papa mama "
        "abuela ganas ver resultados risa dias noche hermanos pastillas tome tomar tomo pecho ahogo sesiones siguen "
        "queda estas estos primero primera semana manana para los las hacer hago pongo ponerme hola buenas buenos "
        "tardes noches tengo tiene tienes tambien fiebre esta estoy muy mucho mucha hace ayer hoy puedo puede "
        "cuando cabeza pica duele dolor pero gracias porque despues antes pelo cabello lavar mis hasta ahora como "
        "donde soy quiero necesito ayuda por favor sangre cuanto cuanta siento sesion doctora usar echar algo solo "
        "bien siempre roja rojo alguien llamar cita espanol hablan hablas habla ustedes usted eso esto"
    ),
    "fr": word_set(
        "j'en sens matin ce soir depuis gorge visage gonfle gonflee langue respirer peau aiguille bout coeur saigne "
        "poitrine mari femme fils fille enfant petite petit mes ses leur leurs ete etes sont sommes avez avoir etre "
        "chien mains bouche probleme jours vertiges chevilles crane brulant chuis febrile frissons croutes dormir "
        "dos hate voir resultat impatience devant comprimes continuer jusqu'a deja cette cet celui quelque chose "
        "dans il elle ils elles mort rire serree bonjour bonsoir salut je suis j'ai jai fievre c'est cest hier puis "
        "quand avec tete demange tres merci mais une les des est-ce peux peut faire fait cheveux laver seance apres "
        "avant aujourd'hui pourquoi comment combien besoin aide aidez s'il plait vous nous dois mettre rouge mal "
        "cuir chevelu pas ca quel quelle est ouvert francais parlez parle quelqu'un rien toujours encore d'accord "
        "coucou douleur"
    ),
    "de": word_set(
        "er gerade einen krampfanfall liegt boden korper mund hals gesicht geschwollen fuhl mich zeigt aus wunde "
        "gelbes zeug habt ihr samstag offen kann herzrasen verursachen meinem meiner meinen einer eines einem sein "
        "seine ihre uns euch euer atmen luft krieg brust blutet sohn tochter mutter vater mann frau tage tagen "
        "woche wochen stunden stunde rotung krusten schwanger hund katze sehe auge augen ganz ganze ganzen so'n nur "
        "doch etwas alles gut wurde werden kriege unser unsere dass oft muss soll auf tun lach welches preis hatte "
        "hallo ich habe hab fieber ist das mein meine kopf juckt sehr seit gestern heute wann und oder nicht eiter "
        "schmerzen kopfhaut danke aber ein eine bitte wie warum haare waschen darf nach behandlung mir sie wir "
        "hilfe guten tag morgen abend moin kein keine auch noch schon wenn deutsch sprechen sprichst jemand rot "
        "blut weh wieder immer jetzt wird ware termin gruss servus"
    ),
    "pt": word_set(
        "respirar conseguindo saindo liquido dos furinhos morrendo vontade resultado tomei toda remedio bebe boca "
        "nuca inchada quente faz dias secrecao cheiro horrivel apareceram umas uns placas corpo depois espuma tomo "
        "continua sangrando abrem sabado pode causar casquinhas tirar quase quando preco tive anos problema qual "
        "protetor melhor socorro filho filha marido mulher mae pai cachorro gato peito coracao febre consigo sem "
        "dele dela esta estao vermelha hj vc vcs oi nos tem tinha ainda ja fiquei usando tomando dormir ola tenho "
        "estou muito muita desde ontem hoje posso cabeca coca doi obrigado obrigada mas uma meu minha nao bom dia "
        "tarde noite cabelo lavar antes sessao porque preciso ajuda por favor voce voces onde quanto usar tambem "
        "agora tudo bem dor sangue couro cabeludo alguem falar fala portugues isso isto sinto tou vermelho"
    ),
    "it": word_set(
        "ha bevuto piccolo figlio figlia marito moglie fa capo respirare riesco gola gonfia lingua viso ciao ho "
        "febbre sono molto ieri oggi posso quando testa prude normale grazie buongiorno buonasera salve capelli "
        "lavare dopo prima perche aiuto favore sangue dolore anche adesso sempre mio mia della sul cuoio capelluto "
        "italiano"
    ),
    "ar": word_set(
        "mesh 3andi 3ndi 2ader a2dar adar 2dar emta imta aghsel sha3ri shaari shou sho leish laish ezay ezzay izzay "
        "kifak keif marhaba salam salaam alaikum 3alaykom 3alaikum shukran shokran ba3d b3d rasi sadri ya3ni yaani "
        "habibi inshallah delwa2ty dilwa2ti 7arara s5oneya sokhoneya 3ayez 3ayz 3awez bedi fii mafi wallah "
        "alhamdulillah el7amdulillah kteer keteer shwaya shway lazem momken mumkin el-jalsa jalse jalsa afdal wein "
        "fein enta enti ento ana"
    ),
    # Turkish, Polish, Dutch, Romanian, Swedish, Norwegian, Danish, Czech, Hungarian, Albanian, Croatian, Serbian,
    # Vietnamese, Indonesian, Filipino, Somali and Finnish, for which there is no text.
    "other": word_set(
        "merhaba selam icin nasil neden sac saclarim sacimi basim agriyor ates atesim tesekkurler tesekkur evet "
        "hayir nefes alamiyorum yikayabilir miyim yikamak dun bugun zaman kasiniyor cok degil ben benim var yok "
        "czesc dzien dobry witam mam goraczke goraczka glowa glowy wlosy kiedy moge umyc dziekuje prosze jestem "
        "swedzi boli jak czy nie tak jest oraz oddychac wczoraj dzisiaj hoi goedemorgen goedemiddag koorts hoofd "
        "mijn wanneer haren wassen gisteren vandaag dank bedankt niet een het heb jeuk hoofdhuid adem kunnen krijg "
        "geen buna ziua febra capul doare pot spala parul multumesc cand este sunt foarte mancarime respir hej jag "
        "har feber huvudet haret tvatta nar kan tack och inte ont kliar igar jeg vaske hodet hovedet takk hvornar "
        "ahoj den horecka hlava vlasy umyt kdy mohu dekuji svedi nemuzu dychat szia jo napot lazam fejem hajam "
        "mosni mikor koszonom viszket nem kapok levegot pershendetje floket dhimbje faleminderit kam zdravo bok "
        "imam temperaturu glava kosu oprati kada mogu hvala xin chao toi bi sot dau cam khi nao goi toc halo saya "
        "demam kepala rambut kapan boleh terima kasih keramas sakit kumusta ako lagnat ulo buhok kailan pwede "
        "salamat hindi waan xanuun madax qandho hei minulla kuume paa hiukset milloin kiitos horecku bole hlavu "
        "gorączka lichoradka"
    ),
}
WEAK: Mapping[str, frozenset[str]] = {
    "es": word_set("que es de la el un una me mi y en con no si por del al lo se le o a e sin te tu su q"),
    "fr": word_set("de la le un du et en pour ma tu on qui que a si me j c l d n s qu ai au aux y les"),
    "de": word_set("der die den dem mit im in zu von es er war was so an auf ab am hat bin bei"),
    "pt": word_set("que e de a o as os com em no na para pra um se me por da do eu ta to era ele ela q ao dia no se"),
    "it": word_set("da con per una il la e che non gli di un in mi si ha le del lo i"),
    "ar": word_set("shu fi w el bas la ya msh mn kif ana 3la ma"),
    "other": word_set(
        "ve bu ne da mi mu w na z i co to se en ik de is van dat er po do je jo och att det den a cu un o"
    ),
}
# Said alone, these are enough.
ALONE: Mapping[str, frozenset[str]] = {
    "es": frozenset({
        "hola", "gracias", "buenas", "buenos dias", "buenas tardes", "buenas noches", "ayuda", "muchas gracias",
        "hola buenas", "socorro ayuda", "ayudame", "auxilio", "espanol",
    }),
    "fr": frozenset({
        "bonjour", "bonsoir", "salut", "merci", "merci beaucoup", "aidez moi", "au secours", "francais",
        "coucou",
    }),
    "de": frozenset({
        "hallo", "guten tag", "guten morgen", "guten abend", "danke", "hilfe", "moin", "vielen dank", "deutsch",
        "danke schon",
    }),
    "pt": frozenset({
        "ola", "oi", "bom dia", "boa tarde", "boa noite", "obrigado", "obrigada", "socorro", "ajuda",
        "portugues", "muito obrigado", "muito obrigada",
    }),
    "it": frozenset({
        "ciao", "buongiorno", "buonasera", "grazie", "aiuto", "salve", "italiano", "grazie mille",
    }),
    "ar": frozenset({
        "marhaba", "salam alaikum", "salam", "salamo 3alaykom", "assalamu alaikum", "as salam alaikum",
        "shukran", "salam 3alaykom", "salam aleikum",
    }),
    "other": frozenset({
        "merhaba", "selam", "witam", "dzien dobry", "hej", "hoi", "privet", "zdravo", "tesekkurler", "dziekuje",
        "goedemorgen", "goedemiddag", "xin chao", "namaste", "ni hao", "konnichiwa", "dobry den", "buna ziua",
    }),
}  # fmt: skip
ENGLISH = word_set(
    "the is it it's its my i i'm im i've you and to a of in on can for what what's how do was with this that have "
    "has not are be at me am after so no if or any normal when will should just but been from today yesterday feel "
    "feels get got getting still there they your need does did don't dont would could use using take put go going "
    "more than then now ok okay yes thanks thank please hi hello hey help good bad day night time head hair scalp "
    "red pain as an by we he she her his out up too very really bit some all one days week hours tomorrow tonight "
    "morning"
)
